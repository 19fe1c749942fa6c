import { Lexer } from 'yaml';

/**
 * Where a YAML text nests deeper than `limit`, or -1. The parser recurses, so this is asked before it runs. Only texts
 * that could be too deep (many open brackets, very long indentation, long runs of indicators) are looked at closely.
 */
export function offsetBeyondYamlDepth(text: string, limit: number): number {
  return couldBeDeep(text, limit) ? lexDepth(text, limit) : -1;
}

function couldBeDeep(text: string, limit: number): boolean {
  let open = 0;
  let indicators = 0;
  let lineStart = true;
  let indentation = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) {
      lineStart = true;
      indentation = 0;
      indicators = 0;
      continue;
    }
    if (code === 0x5b || code === 0x7b) {
      if (++open > limit) return true;
    } else if ((code === 0x5d || code === 0x7d) && open > 0) open--;
    if (lineStart && code === 0x20) {
      if (++indentation >= limit) return true;
      continue;
    }
    lineStart = false;
    if ((code === 0x2d || code === 0x3f || code === 0x3a) && ++indicators > limit / 2) return true;
  }
  return false;
}

/** Counts open flow collections, and block indicators and indentation at the start of a line. */
function lexDepth(text: string, limit: number): number {
  let flow = 0;
  let line = 0;
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') flow++;
    else if (token === ']' || token === '}') flow--;
    else if (token === '\n' || token === '\r\n') line = 0;
    else if (token === '-' || token === '?' || token === ':') line++;
    else if (/^ +$/.test(token) && flow === 0 && line === 0) line += Math.ceil(token.length / 2);
    if (flow > limit || (flow === 0 && line > limit)) return offset;
    if (!marks.has(token)) offset += token.length;
  }
  return -1;
}

/** What the lexer puts between tokens and does not stand in the text: start of document, end of flow, scalar follows. */
const marks: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f', '\ufeff']);
