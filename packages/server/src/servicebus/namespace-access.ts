import type { ManagementTokens } from '@lazuli/management';
import {
  type AccessControl,
  createAccessControl,
  type NamespaceRecord,
  type OpenedDirectory,
} from '@lazuli/servicebus';

/** Who may do what in a namespace: by the keys in its directory (unless it takes none), and by the roles of the management plane. */
export function createNamespaceAccess(options: {
  /** As it stands: it may be changed while it is served. */
  readonly record: () => NamespaceRecord;
  readonly directory: OpenedDirectory;
  readonly tokens: ManagementTokens | null;
  readonly now: () => number;
}): AccessControl {
  const { record, directory, tokens, now } = options;
  return createAccessControl({
    rules: (path) => (record().disableLocalAuth ? [] : directory.keysOf(path)),
    pathsWithRule: (name) => directory.pathsWithKeys(name),
    isEntity: (path) => directory.has(path),
    clock: { now },
    ...(tokens === null
      ? {}
      : {
          onRolesChanged: (call) => tokens.onRolesChanged(call),
          verifyBearer: async (token, audiences) => {
            const principal = await tokens.verify(token, [
              ...audiences,
              `https://${record().name}.servicebus.windows.net`,
            ]);
            return {
              name: principal.name,
              allows: (dataAction, entityPath) =>
                tokens.allowsData(principal, dataAction, directory.resourceIdOf(entityPath)),
            };
          },
        }),
  });
}
