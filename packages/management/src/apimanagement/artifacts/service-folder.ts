import { FolderInMemory } from '@lazuli/resources';
import type { Change, ResourceRecord, Store, StoreReader } from '@lazuli/store';
import { lastSegment, propertiesOf } from '../../json/properties.ts';
import { serviceType } from '../api-management-type.ts';
import { artifactFiles, artifactPaths } from './artifact-files.ts';
import { artifactLayoutOf } from './layout.ts';

/**
 * The artifacts of one service as a folder in memory, kept up to date with the store: what the gateway is configured from.
 * Secrets are in it in clear, so it must not be written anywhere.
 */
export class ServiceFolder {
  readonly serviceId: string;
  readonly folder = new FolderInMemory();
  readonly #prefix: string;
  /** Groups of users, by the user's name in lower case: links that a folder has in the file of the user. */
  readonly #groups = new Map<string, Set<string>>();

  private constructor(serviceId: string) {
    this.serviceId = serviceId;
    this.#prefix = `${serviceId.toLowerCase()}/`;
  }

  /** Reads a service as it stands at one moment; gives the sequence to follow the change feed from. */
  static async load(
    store: Store,
    serviceId: string,
  ): Promise<{ readonly folder: ServiceFolder; readonly sequence: number }> {
    const folder = new ServiceFolder(serviceId);
    const sequence = await store.read(async (view) => {
      let after: string | undefined;
      do {
        const page = await view.list({ scope: serviceId, after, limit: 5000 });
        for (const record of page.items) await folder.#put(record, view);
        after = page.next;
      } while (after !== undefined);
      return view.at;
    });
    return { folder, sequence };
  }

  /** Takes changes over; says whether any of them concerns the service. */
  async apply(changes: readonly Change[], reader: StoreReader): Promise<boolean> {
    const own = changes.filter((change) => change.key.startsWith(this.#prefix) && isArtifact(change.type));
    // Only the last change of each resource matters.
    const last = new Map(own.map((change) => [change.key, change]));
    const written = await reader.getMany(
      [...last.values()].filter(({ operation }) => operation === 'put').map(({ id }) => id),
    );
    const records = new Map(written.map((record) => [record.key, record]));
    for (const change of last.values()) {
      const record = records.get(change.key);
      if (record) await this.#put(record, reader);
      else this.#remove(change.type, change.id);
    }
    return own.length > 0;
  }

  async #put(record: ResourceRecord, reader: StoreReader): Promise<void> {
    if (isMembership(record.type)) {
      await this.#membership(record.id, reader, (groups, group) => groups.add(group));
      return;
    }
    if (!artifactLayoutOf(record.type)?.live || isIdleDiagnostic(record)) return;
    const secrets = record.secretFields.length === 0 ? undefined : await reader.readSecrets(record.id);
    for (const { path, content } of artifactFiles(this.serviceId, record, secrets))
      this.folder.set(path, this.#withGroups(record, content));
  }

  #remove(type: string, id: string): void {
    if (isMembership(type)) {
      const [group = '', user = ''] = membersOf(id);
      this.#groups.get(user.toLowerCase())?.delete(group);
      return;
    }
    for (const path of artifactPaths(this.serviceId, type, id)) this.folder.remove(path);
  }

  #withGroups(record: ResourceRecord, content: string | object): string | object {
    if (typeof content === 'string' || !/\/users$/i.test(record.type) || !('properties' in content)) return content;
    const groups = [...(this.#groups.get(lastSegment(record.id).toLowerCase()) ?? [])];
    return { properties: { ...(content.properties as object), groups } };
  }

  async #membership(
    id: string,
    reader: StoreReader,
    change: (groups: Set<string>, group: string) => void,
  ): Promise<void> {
    const [group = '', user = ''] = membersOf(id);
    const groups = this.#groups.get(user.toLowerCase()) ?? new Set<string>();
    this.#groups.set(user.toLowerCase(), groups);
    change(groups, group);
    const record = await reader.get(`${this.serviceId}/users/${user}`);
    if (record) await this.#put(record, reader);
  }
}

function isMembership(type: string): boolean {
  return type.toLowerCase() === `${serviceType}/groups/users`.toLowerCase();
}

function isArtifact(type: string): boolean {
  return isMembership(type) || artifactLayoutOf(type)?.live === true;
}

/** Group and user of `…/groups/{group}/users/{user}`. */
function membersOf(id: string): readonly string[] {
  const parts = id.split('/');
  return [parts.at(-3) ?? '', parts.at(-1) ?? ''];
}

/** One that has no logger yet logs nothing. */
function isIdleDiagnostic({ type, body }: ResourceRecord): boolean {
  return /\/diagnostics$/i.test(type) && propertiesOf(body).loggerId === undefined;
}
