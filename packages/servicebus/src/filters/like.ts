import { FilterError } from '../errors.ts';

/**
 * A pattern of `LIKE`: `%` stands for any string, `_` for any one character (a UTF-16 code unit, as in .NET), everything else for itself, with
 * regard to case; a character behind `escapeCharacter` for itself. No regular expression and no backtracking: between two `%` there is a piece that is
 * looked for once from left to right, so that the work is the length of the text times the length of the piece divided by 32 at most.
 * @throws {FilterError} where the escape character is the last one
 */
export function compileLike(pattern: string, escapeCharacter?: string): (text: string) => boolean {
  const pieces = piecesOf(pattern, escapeCharacter);
  const [head, ...rest] = pieces;
  const tail = rest.pop();
  if (head === undefined) return (text) => text === '';
  if (tail === undefined) return (text) => text.length === head.length && isAt(head, text, 0);
  const between = rest.filter((piece) => piece.length > 0).map((piece) => compileSearch(piece));
  const least = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return (text) => {
    if (text.length < least || !isAt(head, text, 0)) return false;
    const end = text.length - tail.length;
    if (!isAt(tail, text, end)) return false;
    let at = head.length;
    for (const search of between) {
      at = search(text, at, end);
      if (at < 0) return false;
    }
    return at <= end;
  };
}

/** What stands between two `%`. `units`: code units, -1 for any. */
interface Piece {
  readonly length: number;
  readonly units: Int32Array;
  /** Without `_`, the text itself. */
  readonly literal: string | undefined;
}

const any = -1;

function piecesOf(pattern: string, escapeCharacter: string | undefined): Piece[] {
  const pieces: Piece[] = [];
  let units: number[] = [];
  const finish = () => {
    const literal = units.includes(any) ? undefined : units.map((unit) => String.fromCharCode(unit)).join('');
    pieces.push({ length: units.length, units: Int32Array.from(units), literal });
    units = [];
  };
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === escapeCharacter) {
      if (++at >= pattern.length) throw new FilterError('The pattern of LIKE ends with its escape character.');
      units.push(pattern.charCodeAt(at));
    } else if (character === '%') finish();
    else units.push(character === '_' ? any : pattern.charCodeAt(at));
  }
  finish();
  return pieces;
}

function isAt({ literal, units, length }: Piece, text: string, at: number): boolean {
  if (literal !== undefined) return text.startsWith(literal, at);
  for (let index = 0; index < length; index++) {
    const unit = units[index];
    if (unit !== any && unit !== text.charCodeAt(at + index)) return false;
  }
  return true;
}

/** Where the piece first ends at or behind `from` plus its length, not behind `end`; -1: nowhere. */
type Search = (text: string, from: number, end: number) => number;

/** Up to here, comparing at every place costs no more than the search by bits. */
const shortLiteral = 8;

function compileSearch(piece: Piece): Search {
  const { literal, length, units } = piece;
  if (literal !== undefined && length <= shortLiteral) {
    return (text, from, end) => {
      const found = text.indexOf(literal, from);
      return found < 0 || found + length > end ? -1 : found + length;
    };
  }
  return searchByBits(units, length);
}

/**
 * Shift-And (Baeza-Yates and Gonnet): bit i says whether the first i + 1 units of the piece end here. One step a character and 32 units,
 * whatever the text.
 */
function searchByBits(units: Int32Array, length: number): Search {
  const words = Math.ceil(length / 32);
  const others = new Int32Array(words);
  const masks = new Map<number, Int32Array>();
  for (const unit of units) if (unit !== any && !masks.has(unit)) masks.set(unit, new Int32Array(words));
  units.forEach((unit, index) => {
    const word = index >>> 5;
    const bit = 1 << (index & 31);
    for (const mask of unit === any ? [others, ...masks.values()] : [masks.get(unit)]) {
      if (mask !== undefined) mask[word] = mask[word]! | bit;
    }
  });
  const lastWord = words - 1;
  const lastBit = 1 << ((length - 1) & 31);
  return (text, from, end) => {
    const state = new Int32Array(words);
    for (let at = from; at < end; at++) {
      const mask = masks.get(text.charCodeAt(at)) ?? others;
      let carry = 1;
      for (let word = 0; word < words; word++) {
        const before = state[word]!;
        state[word] = ((before << 1) | carry) & mask[word]!;
        carry = before >>> 31;
      }
      if ((state[lastWord]! & lastBit) !== 0) return at + 1;
    }
    return -1;
  };
}
