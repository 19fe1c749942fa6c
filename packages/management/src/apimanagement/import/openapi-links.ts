import { LinkedDocuments } from './linked-documents.ts';

/** The documents of a specification as files: the references between them lead from file to file. */
export interface OpenApiFiles {
  /** Texts by path below the folder of the API. */
  readonly texts: ReadonlyMap<string, string>;
  /** Path of the document itself. */
  readonly main: string;
  /** Where each file was read. */
  readonly urls: ReadonlyMap<string, string>;
}

const reference = /(["']?\$ref["']?\s*:\s*)("[^"\\\n]*"|'[^'\n]*'|[^\s"'#{}[\],][^\s{}[\],]*)/g;

/**
 * Reads the documents that the `$ref`s of a specification lead to, starting from its own address; each is read once, and
 * lines stay where they are. A specification without an address stays alone.
 * @throws {LinkProblem}
 */
export async function openApiFiles(text: string, url: string | undefined): Promise<OpenApiFiles> {
  const main = `specification.${extensionOf(text)}`;
  const texts = new Map([[main, text]]);
  if (url === undefined) return { texts, main, urls: new Map() };
  const documents = new LinkedDocuments();
  const files = new Map([[documents.resolve(url, undefined), main]]);
  const waiting = [...files];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [base, file] = next;
    const given = texts.get(file) ?? '';
    const wanted = new Set([...given.matchAll(reference)].map(([, , value = '']) => partsOf(value).document));
    const places = new Map<string, string>();
    for (const document of wanted) {
      if (document === '') continue;
      const address = documents.resolve(document, base);
      let known = files.get(address);
      if (known === undefined) {
        const linked = await documents.read(address);
        known = `linked/${files.size}.${extensionOf(linked)}`;
        files.set(address, known);
        texts.set(known, linked);
        waiting.push([address, known]);
      }
      places.set(document, known);
    }
    if (places.size > 0) texts.set(file, rewritten(given, file, places));
  }
  return { texts, main, urls: new Map([...files].map(([address, file]) => [file, address])) };
}

function rewritten(text: string, file: string, places: ReadonlyMap<string, string>): string {
  return text.replace(reference, (whole, key: string, value: string) => {
    const { document, quote, pointer } = partsOf(value);
    const target = places.get(document);
    if (target === undefined) return whole;
    const path = target === file ? '' : file.startsWith('linked/') ? `../${target}` : target;
    return `${key}${quote || '"'}${path}${pointer || '#'}${quote || '"'}`;
  });
}

function partsOf(value: string) {
  const quote = /^["']/.exec(value)?.[0] ?? '';
  const written = quote === '' ? value : value.slice(1, -1);
  const hash = written.indexOf('#');
  return hash === -1
    ? { document: written, quote, pointer: '' }
    : { document: written.slice(0, hash), quote, pointer: written.slice(hash) };
}

function extensionOf(text: string): 'json' | 'yaml' {
  return /^\uFEFF?\s*[{[]/.test(text) ? 'json' : 'yaml';
}
