/** Counts the tokens of texts as OpenAI's models do. */
export interface Tokenizer {
  count(text: string): number;
}

type EncodingName = 'cl100k_base' | 'o200k_base';

/**
 * The tokenizer of a model or of a deployment that is called after one: cl100k for GPT-3.5, GPT-4 and embeddings, o200k
 * for all newer and all unknown ones. Its tables (about 2 MB) are loaded when first wanted.
 */
export function tokenizerFor(model: string): Promise<Tokenizer> {
  const name = encodingOf(model);
  const known = loaded.get(name);
  if (known) return known;
  const loading = load(name);
  loaded.set(name, loading);
  // A failure is not remembered.
  loading.catch(() => loaded.delete(name));
  return loading;
}

const loaded = new Map<EncodingName, Promise<Tokenizer>>();

const olderModels = /gpt-?3|gpt-?4(?!o|\.|-?1|-?5)|text-embedding|ada-002|davinci|babbage|curie/i;

const encodingOf = (model: string): EncodingName => (olderModels.test(model) ? 'cl100k_base' : 'o200k_base');

async function load(name: EncodingName): Promise<Tokenizer> {
  const { countTokens } =
    name === 'cl100k_base'
      ? await import('gpt-tokenizer/encoding/cl100k_base')
      : await import('gpt-tokenizer/encoding/o200k_base');
  // Texts that look like a control token are texts.
  const options = { disallowedSpecial: new Set<string>() };
  return { count: (text) => countBounded(text, (piece) => countTokens(piece, options)) };
}

/** Merging takes quadratic time in a word's length: words are cut. */
const longestPiece = 1_000;
/** Beyond it the rest is taken to be like the beginning: counting must not hold up everybody else. */
const mostCharacters = 200_000;

function countBounded(text: string, count: (piece: string) => number): number {
  const counted = Math.min(text.length, mostCharacters);
  let tokens = 0;
  for (let at = 0; at < counted; ) {
    const end = pieceEnd(text, at, counted);
    tokens += count(text.slice(at, end));
    at = end;
  }
  return text.length > counted ? Math.round((tokens * text.length) / counted) : tokens;
}

/** Cuts before a blank when there is one: there a token begins anyway. */
function pieceEnd(text: string, at: number, limit: number): number {
  const end = at + longestPiece;
  if (end >= limit) return limit;
  const blank = text.lastIndexOf(' ', end);
  return blank > at ? blank : end;
}
