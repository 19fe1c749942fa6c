import { fetchDocument } from './fetch-document.ts';

const mostDocuments = 50;
const mostCharacters = 16 * 1024 * 1024;
const deadlineMs = 60_000;

/** A document that a specification needs cannot be had. */
export class LinkProblem extends Error {}

/** The documents that a specification refers to: each is fetched once, 50 of them and 16 MiB in a minute at most. */
export class LinkedDocuments {
  readonly #read = new Map<string, string>();
  readonly #deadline: AbortSignal;
  #characters = 0;

  constructor(milliseconds = deadlineMs) {
    this.#deadline = AbortSignal.timeout(milliseconds);
  }

  /** Address of a reference as it is written; `base`: address of the document that it is in, if it has one. */
  resolve(written: string, base: string | undefined): string {
    const url = URL.canParse(written, base) ? new URL(written, base) : null;
    if (url) url.hash = '';
    if (url === null || !/^https?:$/.test(url.protocol))
      throw new LinkProblem(
        `'${written.slice(0, 200)}' cannot be resolved: a document that is given inline can refer to others only by absolute http or https URLs.`,
      );
    return url.href;
  }

  /** @throws {LinkProblem} */
  async read(url: string): Promise<string> {
    const known = this.#read.get(url);
    if (known !== undefined) return known;
    if (this.#read.size >= mostDocuments)
      throw new LinkProblem(`The specification refers to more than ${mostDocuments} documents.`);
    const fetched = await fetchDocument(url, undefined, this.#deadline);
    if ('problem' in fetched) throw new LinkProblem(`Cannot read '${url}': ${fetched.problem}`);
    this.#characters += fetched.text.length;
    if (this.#characters > mostCharacters)
      throw new LinkProblem(`The documents that the specification refers to are larger than ${mostCharacters} bytes.`);
    this.#read.set(url, fetched.text);
    return fetched.text;
  }
}
