import { readReference } from './entities.ts';
import type { ParserState } from './parser.ts';
import type { ValueBuilder } from './value-builder.ts';

export interface LiteralRules {
  /** Blanks of an attribute's value become spaces (XML 1.0, section 3.3.3). */
  readonly attribute: boolean;
  /** An `&` that begins no reference stands for itself (content that is not read as XML). */
  readonly bareAmpersand: boolean;
}

/** Decodes the literal text from `start` to `end`. An `&` out of a named value stands for itself: values are no XML. */
export function decodeLiteral(
  parser: ParserState,
  start: number,
  end: number,
  rules: LiteralRules,
  into: ValueBuilder,
): void {
  const { text } = parser;
  let run = start;
  let at = start;
  const flush = () => {
    if (at > run) into.slice(run, at);
  };
  while (at < end) {
    const c = text.charCodeAt(at);
    if (c === 38) {
      const reference = readReference(text, at, end);
      if (reference) {
        flush();
        into.decoded(reference.text, at, at + reference.length);
        run = at = at + reference.length;
        continue;
      }
      if (!rules.bareAmpersand && parser.expansion.source.namedValueIn(at, at + 1) === null)
        reportAmpersand(parser, at, end);
    } else if (rules.attribute && (c === 10 || c === 13 || c === 9)) {
      flush();
      const width = c === 13 && at + 1 < end && text.charCodeAt(at + 1) === 10 ? 2 : 1;
      into.decoded(' ', at, at + width);
      run = at = at + width;
      continue;
    }
    at++;
  }
  flush();
}

function reportAmpersand(parser: ParserState, at: number, end: number): void {
  const name = /^[A-Za-z_][\w.-]*(?=;)/.exec(parser.text.slice(at + 1, Math.min(end, at + 65)));
  if (name) parser.syntax(`Reference to undeclared entity '${name[0]}'.`, at + 1);
  else parser.syntax('An error occurred while parsing EntityName.', at + 1);
}
