import { buildSnapshot, type Snapshot } from '@lazuli/gateway';
import { createFolderReader, type Diagnostic, FolderInMemory } from '@lazuli/resources';
import type { GatewayConfiguration } from './gateway-configuration.ts';

/** Turns one configuration after another into snapshots; what did not change is neither parsed nor compiled again. */
export class ServedConfiguration {
  readonly #allowUnsupported: boolean;
  readonly #folder = new FolderInMemory();
  readonly #reader = createFolderReader(this.#folder);
  #files: Readonly<Record<string, string>> = {};
  #last: Snapshot | undefined;

  constructor(allowUnsupported: boolean) {
    this.#allowUnsupported = allowUnsupported;
  }

  /** Null when it has errors: the last good one stays. */
  async take({ files }: GatewayConfiguration): Promise<{
    readonly snapshot: Snapshot | null;
    readonly errors: readonly Diagnostic[];
  }> {
    for (const path of Object.keys(this.#files)) if (files[path] === undefined) this.#folder.remove(path);
    for (const [path, content] of Object.entries(files))
      if (this.#files[path] !== content) this.#folder.set(path, content);
    this.#files = files;
    const { model, diagnostics } = await this.#reader.read();
    const built = buildSnapshot(model, { allowUnsupported: this.#allowUnsupported }, this.#last);
    const errors = [...diagnostics, ...built.diagnostics].filter(({ severity }) => severity === 'error');
    if (errors.length > 0) return { snapshot: null, errors };
    this.#last = built.snapshot;
    return { snapshot: built.snapshot, errors };
  }
}
