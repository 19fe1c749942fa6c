import { SyntaxProblem } from './problems.ts';
import type { LiteralValue } from './token.ts';

const shape =
  /(?:0[xX](?<hex>[0-9a-fA-F_]*)|0[bB](?<binary>[01_]*)|(?<real>(?:\d[\d_]*)?\.\d[\d_]*(?:[eE][+-]?\d[\d_]*)?|\d[\d_]*[eE][+-]?\d[\d_]*)|(?<decimal>\d[\d_]*))(?<suffix>[a-zA-Z]*)/y;

/** The numeric literal at `start` by C#'s rules: its type is the first of int, uint, long, ulong that holds it. */
export function readNumber(source: string, start: number, limit: number): { end: number; value: LiteralValue } {
  shape.lastIndex = start;
  const match = shape.exec(source);
  if (!match?.groups) throw new SyntaxProblem('CS1013', 'Invalid number', { start, end: start + 1 });
  const end = Math.min(shape.lastIndex, limit);
  const { hex, binary, real, decimal, suffix = '' } = match.groups;
  const span = { start, end };
  const digits = (hex ?? binary ?? real ?? decimal ?? '').replaceAll('_', '');
  if (digits === '' || (real ?? decimal ?? hex ?? binary ?? '').endsWith('_')) {
    throw new SyntaxProblem('CS1013', 'Invalid number', span);
  }
  const kind = suffix.toLowerCase();
  if (hex === undefined && binary === undefined) {
    if (kind === 'm') return { end, value: { type: 'decimal', value: digits } };
    if (kind === 'f')
      return { end, value: { type: 'float', value: finite(Math.fround(Number(digits)), 'float', span) } };
    if (kind === 'd' || (real !== undefined && kind === '')) {
      return { end, value: { type: 'double', value: finite(Number(digits), 'double', span) } };
    }
    if (real !== undefined) throw new SyntaxProblem('CS1013', 'Invalid number', span);
  }
  if (!['', 'u', 'l', 'ul', 'lu'].includes(kind)) throw new SyntaxProblem('CS1013', 'Invalid number', span);
  const value = BigInt(hex !== undefined ? `0x${digits}` : binary !== undefined ? `0b${digits}` : digits);
  return { end, value: integer(value, kind, span) };
}

function integer(value: bigint, suffix: string, span: { start: number; end: number }): LiteralValue {
  if (value > 0xffff_ffff_ffff_ffffn) throw new SyntaxProblem('CS1021', 'Integral constant is too large', span);
  const unsigned = suffix.includes('u');
  const long = suffix.includes('l');
  if (!unsigned && !long && value <= 0x7fff_ffffn) return { type: 'int', value: Number(value) };
  if (!long && value <= 0xffff_ffffn) return { type: 'uint', value: Number(value) };
  if (!unsigned && value <= 0x7fff_ffff_ffff_ffffn) return { type: 'long', value };
  return { type: 'ulong', value };
}

function finite(value: number, type: string, span: { start: number; end: number }): number {
  if (!Number.isFinite(value)) {
    throw new SyntaxProblem('CS0594', `Floating-point constant is outside the range of type '${type}'`, span);
  }
  return value;
}
