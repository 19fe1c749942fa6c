import { compositeFormat, FormatError } from '../dotnet/composite-format.ts';
import { TemplateError } from '../errors.ts';
import { nameGuid } from '../hashing/name-guid.ts';
import { uniqueString } from '../hashing/unique-string.ts';
import { readJson } from '../json/reader.ts';
import type { JsonValue } from '../json/values.ts';
import { limits } from '../limits.ts';
import { arrayArgument, integerArgument, scalarText, stringArgument } from './arguments.ts';
import { eager, type FunctionCall, type FunctionGroup } from './definition.ts';

/** "String functions for ARM templates"; those that take arrays too stand with the array functions, URIs in their own file. */
export const stringFunctions: FunctionGroup = {
  base64: eager(1, 1, (args, call) => Buffer.from(stringArgument(args, 0, call), 'utf8').toString('base64')),
  base64ToJson: eager(1, 1, (args, call) => parseJson(fromBase64(stringArgument(args, 0, call), call), call)),
  base64ToString: eager(1, 1, (args, call) => fromBase64(stringArgument(args, 0, call), call)),
  endsWith: eager(2, 2, (args, call) => lower(args, 0, call).endsWith(lower(args, 1, call))),
  fail: eager(1, 1, (args, call) => {
    throw new TemplateError('UserFailure', { message: stringArgument(args, 0, call) });
  }),
  format: eager(1, Infinity, format),
  guid: eager(1, Infinity, (args, call) => nameGuid(args.map((_, i) => stringArgument(args, i, call)).join('-'))),
  join: eager(2, 2, join),
  json: eager(1, 1, (args, call) => parseJson(stringArgument(args, 0, call), call)),
  newGuid: eager(0, 0, newGuid),
  padLeft: eager(2, 3, padLeft),
  replace: eager(3, 3, replace),
  split: eager(2, 2, split),
  startsWith: eager(2, 2, (args, call) => lower(args, 0, call).startsWith(lower(args, 1, call))),
  string: eager(1, 1, ([value], call) =>
    typeof value === 'object' ? JSON.stringify(value) : scalarText(value, 0, call),
  ),
  substring: eager(2, 3, substring),
  toLower: eager(1, 1, (args, call) => stringArgument(args, 0, call).toLowerCase()),
  toUpper: eager(1, 1, (args, call) => stringArgument(args, 0, call).toUpperCase()),
  trim: eager(1, 1, (args, call) => stringArgument(args, 0, call).trim()),
  uniqueString: eager(1, Infinity, (args, call) =>
    uniqueString(args.map((_, i) => stringArgument(args, i, call)).join('-')),
  ),
};

function lower(args: JsonValue[], index: number, call: FunctionCall): string {
  return stringArgument(args, index, call).toLowerCase();
}

function fromBase64(text: string, call: FunctionCall): string {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) || text.replace(/\s/g, '').length % 4 !== 0) {
    throw call.error('the input is not a valid base64 string');
  }
  return Buffer.from(text, 'base64').toString('utf8');
}

function parseJson(text: string, call: FunctionCall): JsonValue {
  call.scope.budget.charge(text.length / 16);
  try {
    return readJson(text).value;
  } catch (error) {
    if (error instanceof TemplateError) throw call.error(`the text is not valid JSON. ${error.message}`);
    throw error;
  }
}

function format(args: JsonValue[], call: FunctionCall): string {
  const [, ...values] = args;
  try {
    return compositeFormat(stringArgument(args, 0, call), values);
  } catch (error) {
    if (error instanceof FormatError) throw call.error(error.message);
    throw error;
  }
}

function join(args: JsonValue[], call: FunctionCall): string {
  const delimiter = stringArgument(args, 1, call);
  const parts = arrayArgument(args, 0, call).map((item) => scalarText(item, 0, call));
  bounded(parts.reduce((sum, part) => sum + part.length + delimiter.length, 0));
  return parts.join(delimiter);
}

function newGuid(_: JsonValue[], call: FunctionCall): string {
  if (call.bindings.location !== 'parameter default') {
    throw call.scope.notHere('newGuid', 'it is allowed only in the default value of a parameter');
  }
  return call.scope.facts.newGuid();
}

function padLeft(args: JsonValue[], call: FunctionCall): string {
  const width = integerArgument(args, 1, call);
  const pad = args.length > 2 ? stringArgument(args, 2, call) : ' ';
  if (pad.length !== 1) throw call.error('the padding must be one character');
  bounded(width);
  return scalarText(args[0], 0, call).padStart(width, pad);
}

function replace(args: JsonValue[], call: FunctionCall): string {
  const text = stringArgument(args, 0, call);
  const old = stringArgument(args, 1, call);
  const by = stringArgument(args, 2, call);
  if (old === '') throw call.error('the string to replace must not be empty');
  const parts = text.split(old);
  bounded(text.length + (parts.length - 1) * (by.length - old.length));
  return parts.join(by);
}

function split(args: JsonValue[], call: FunctionCall): JsonValue {
  const text = stringArgument(args, 0, call);
  const delimiters = Array.isArray(args[1])
    ? args[1].map((item) => scalarText(item, 1, call))
    : [stringArgument(args, 1, call)];
  const wanted = delimiters.filter((delimiter) => delimiter !== '');
  if (wanted.length === 0) return [text];
  const pattern = wanted.map((delimiter) => delimiter.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|');
  return text.split(new RegExp(pattern));
}

function substring(args: JsonValue[], call: FunctionCall): string {
  const text = stringArgument(args, 0, call);
  const start = integerArgument(args, 1, call);
  const length = args.length > 2 ? integerArgument(args, 2, call) : text.length - start;
  if (start < 0 || length < 0 || start + length > text.length) {
    throw call.error(
      `the index and length parameters must refer to a location within the string. The index parameter: '${start}', the length parameter: '${length}', the length of the string parameter: '${text.length}'`,
    );
  }
  return text.slice(start, start + length);
}

/** Refuses a string before it is made. */
function bounded(length: number): void {
  if (length > limits.stringLength) {
    throw new TemplateError('ExpressionBudget', { limit: limits.stringLength, unit: 'characters in a string' });
  }
}
