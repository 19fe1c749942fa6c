import type { TemplatePorts } from '@lazuli/templates';
import { fetchText } from '../apimanagement/fetch-text.ts';
import { ArmError, armError } from '../errors.ts';

/** Templates and parameter files that one deployment may link: what a chain of links can make a server read. */
const mostLinks = 200;

/**
 * Reads what the links of one deployment name, each address once. Before the deployment runs (`isEarly`), an address whose
 * server cannot be reached from here is left for later, and told (`unread`): checking a template must not need the network.
 */
export class TemplateLinks {
  /** Addresses that could not be read, with the reason. */
  readonly unread = new Map<string, string>();
  readonly #isEarly: boolean;
  readonly #texts = new Map<string, Promise<string | undefined>>();

  constructor(isEarly: boolean) {
    this.#isEarly = isEarly;
  }

  /** Undefined: not now. @throws {ArmError} what the server said, or that links of this kind are not supported. */
  readonly fetch: NonNullable<TemplatePorts['fetchTemplate']> = async ({ uri, id }) => {
    if (uri === undefined) throw armError('UnsupportedFeature', { feature: `Template specs ('${id}')` });
    const known = this.#texts.get(uri);
    if (known) return known;
    if (this.#texts.size >= mostLinks)
      throw armError('InvalidDeployment', { reason: `it links more than ${mostLinks} templates` });
    const text = this.#read(uri);
    this.#texts.set(uri, text);
    return text;
  };

  async #read(uri: string): Promise<string | undefined> {
    const host = URL.parse(uri)?.host;
    // One server that is not there is asked once.
    const known = [...this.unread].find(([other]) => URL.parse(other)?.host === host)?.[1];
    const read = known === undefined ? await fetchText(uri) : { problem: known, isReached: false };
    if ('text' in read) return read.text;
    if (!this.#isEarly || read.isReached)
      throw new ArmError({
        status: 400,
        code: 'InvalidContentLink',
        message: `What is at '${uri}' cannot be read: ${read.problem}`,
      });
    this.unread.set(uri, read.problem);
    return undefined;
  }
}
