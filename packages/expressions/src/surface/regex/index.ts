import { argumentNull } from '../../runtime/exceptions.ts';
import { toStringOf } from '../../runtime/object.ts';
import { escapePattern, unescapePattern } from '../../runtime/regex/escape.ts';
import { Capture, Group, type GroupCollection, Match, MatchItems } from '../../runtime/regex/match.ts';
import { RegexOptions } from '../../runtime/regex/options.ts';
import { Regex } from '../../runtime/regex/regex.ts';
import { netArray, type Uniform } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';

const space = 'System.Text.RegularExpressions.';
type Text = string | null;
type Evaluator = (match: Match) => Uniform;

const evaluated = (regex: Regex, input: Text, evaluator: Evaluator | null, count = -1, from = 0) => {
  if (evaluator === null) throw argumentNull('evaluator');
  return regex.replaceWith(input, (match) => toStringOf(evaluator(match)), count, from);
};
const strings = (parts: string[]) => netArray('System.String', parts);
const all = (regex: Regex, input: Text, from = 0) =>
  new MatchItems(`${space}MatchCollection`, [...regex.matches(input, from)]);
const of = (pattern: Text, options = 0) => new Regex(pattern, options);

/** A collection of matches, groups or captures: a list of T, enumerable without a cast. */
function collection(name: string, element: string, members: TypeDeclaration['members'] = {}): TypeDeclaration {
  return declareType({
    name: space + name,
    kind: 'class',
    interfaces: [`IEnumerable<${element}>`],
    test: (value) => value instanceof MatchItems,
    members: {
      'int Count { get; }': (self: MatchItems<Capture>) => self.count,
      [`${element} this[int i] { get; }`]: (self: MatchItems<Capture>, index: number) => self.at(index),
      ...members,
    },
  });
}

/**
 * Namespace System.Text.RegularExpressions. Patterns run on the package's own engine under the budget of the
 * evaluation; a match timeout is accepted, and the budget is what ends a long search.
 */
export const regexTypes: readonly TypeDeclaration[] = [
  declareType({ name: `${space}RegexOptions`, kind: 'enum', flags: true, values: RegexOptions }),
  declareType({ name: `${space}MatchEvaluator`, kind: 'delegate', invoke: 'string Invoke(Match match)' }),
  declareType({
    name: `${space}Capture`,
    kind: 'class',
    test: (value) => value instanceof Capture,
    members: {
      'int Index { get; }': (self: Capture) => self.index,
      'int Length { get; }': (self: Capture) => self.length,
      'string Value { get; }': (self: Capture) => self.value,
      'override string ToString()': (self: Capture) => self.value,
    },
  }),
  declareType({
    name: `${space}Group`,
    kind: 'class',
    base: `${space}Capture`,
    test: (value) => value instanceof Group,
    members: {
      'bool Success { get; }': (self: Group) => self.success,
      'string Name { get; }': (self: Group) => self.name,
      'CaptureCollection Captures { get; }': (self: Group) => self.captures,
    },
  }),
  declareType({
    name: `${space}Match`,
    kind: 'class',
    base: `${space}Group`,
    test: (value) => value instanceof Match,
    members: {
      'static Match Empty { get; }': () => Match.empty,
      'GroupCollection Groups { get; }': (self: Match) => self.groups,
      'Match NextMatch()': (self: Match) => self.next(),
      'string Result(string replacement)': (self: Match, replacement: Text) => self.result(replacement),
    },
  }),
  collection('CaptureCollection', 'Capture'),
  collection('MatchCollection', 'Match'),
  collection('GroupCollection', 'Group', {
    'Group this[string groupname] { get; }': (self: GroupCollection, name: Text) => self.named(name),
  }),
  declareType({
    name: `${space}Regex`,
    kind: 'class',
    test: (value) => value instanceof Regex,
    members: {
      'new(string pattern)': (pattern: Text) => of(pattern),
      'new(string pattern, RegexOptions options)': (pattern: Text, options: number) => of(pattern, options),
      'new(string pattern, RegexOptions options, TimeSpan matchTimeout)': (pattern: Text, options: number) =>
        of(pattern, options),
      'RegexOptions Options { get; }': (self: Regex) => self.options,
      'override string ToString()': (self: Regex) => self.pattern,
      'bool IsMatch(string input)': (self: Regex, input: Text) => self.isMatch(input),
      'bool IsMatch(string input, int startat)': (self: Regex, input: Text, from: number) => self.isMatch(input, from),
      'static bool IsMatch(string input, string pattern)': (input: Text, pattern: Text) => of(pattern).isMatch(input),
      'static bool IsMatch(string input, string pattern, RegexOptions options)': (
        input: Text,
        pattern: Text,
        options: number,
      ) => of(pattern, options).isMatch(input),
      'static bool IsMatch(string input, string pattern, RegexOptions options, TimeSpan matchTimeout)': (
        input: Text,
        pattern: Text,
        options: number,
      ) => of(pattern, options).isMatch(input),
      'Match Match(string input)': (self: Regex, input: Text) => self.match(input),
      'Match Match(string input, int startat)': (self: Regex, input: Text, from: number) => self.match(input, from),
      'static Match Match(string input, string pattern)': (input: Text, pattern: Text) => of(pattern).match(input),
      'static Match Match(string input, string pattern, RegexOptions options)': (
        input: Text,
        pattern: Text,
        options: number,
      ) => of(pattern, options).match(input),
      'static Match Match(string input, string pattern, RegexOptions options, TimeSpan matchTimeout)': (
        input: Text,
        pattern: Text,
        options: number,
      ) => of(pattern, options).match(input),
      'MatchCollection Matches(string input)': (self: Regex, input: Text) => all(self, input),
      'MatchCollection Matches(string input, int startat)': (self: Regex, input: Text, from: number) =>
        all(self, input, from),
      'static MatchCollection Matches(string input, string pattern)': (input: Text, pattern: Text) =>
        all(of(pattern), input),
      'static MatchCollection Matches(string input, string pattern, RegexOptions options)': (
        input: Text,
        pattern: Text,
        options: number,
      ) => all(of(pattern, options), input),
      'string Replace(string input, string replacement)': (self: Regex, input: Text, replacement: Text) =>
        self.replace(input, replacement),
      'string Replace(string input, string replacement, int count)': (
        self: Regex,
        input: Text,
        replacement: Text,
        count: number,
      ) => self.replace(input, replacement, count),
      'string Replace(string input, string replacement, int count, int startat)': (
        self: Regex,
        input: Text,
        replacement: Text,
        count: number,
        from: number,
      ) => self.replace(input, replacement, count, from),
      'string Replace(string input, MatchEvaluator evaluator)': (
        self: Regex,
        input: Text,
        evaluator: Evaluator | null,
      ) => evaluated(self, input, evaluator),
      'string Replace(string input, MatchEvaluator evaluator, int count)': (
        self: Regex,
        input: Text,
        evaluator: Evaluator | null,
        count: number,
      ) => evaluated(self, input, evaluator, count),
      'static string Replace(string input, string pattern, string replacement)': (
        input: Text,
        pattern: Text,
        replacement: Text,
      ) => of(pattern).replace(input, replacement),
      'static string Replace(string input, string pattern, string replacement, RegexOptions options)': (
        input: Text,
        pattern: Text,
        replacement: Text,
        options: number,
      ) => of(pattern, options).replace(input, replacement),
      'static string Replace(string input, string pattern, string replacement, RegexOptions options, TimeSpan matchTimeout)':
        (input: Text, pattern: Text, replacement: Text, options: number) =>
          of(pattern, options).replace(input, replacement),
      'static string Replace(string input, string pattern, MatchEvaluator evaluator)': (
        input: Text,
        pattern: Text,
        evaluator: Evaluator | null,
      ) => evaluated(of(pattern), input, evaluator),
      'static string Replace(string input, string pattern, MatchEvaluator evaluator, RegexOptions options)': (
        input: Text,
        pattern: Text,
        evaluator: Evaluator | null,
        options: number,
      ) => evaluated(of(pattern, options), input, evaluator),
      'string[] Split(string input)': (self: Regex, input: Text) => strings(self.split(input)),
      'string[] Split(string input, int count)': (self: Regex, input: Text, count: number) =>
        strings(self.split(input, count)),
      'static string[] Split(string input, string pattern)': (input: Text, pattern: Text) =>
        strings(of(pattern).split(input)),
      'static string[] Split(string input, string pattern, RegexOptions options)': (
        input: Text,
        pattern: Text,
        options: number,
      ) => strings(of(pattern, options).split(input)),
      'static string Escape(string str)': (text: Text) => {
        if (text === null) throw argumentNull('str');
        return escapePattern(text);
      },
      'static string Unescape(string str)': (text: Text) => {
        if (text === null) throw argumentNull('str');
        return unescapePattern(text);
      },
      'string[] GetGroupNames()': (self: Regex) => strings([...self.names.values()]),
      'int[] GetGroupNumbers()': (self: Regex) => netArray('System.Int32', [...self.names.keys()]),
      'string GroupNameFromNumber(int i)': (self: Regex, number: number) => self.names.get(number) ?? '',
      'int GroupNumberFromName(string name)': (self: Regex, name: Text) => {
        if (name === null) throw argumentNull('name');
        return self.numberOf(name);
      },
    },
  }),
];
