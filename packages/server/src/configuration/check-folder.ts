import { type Diagnostic, folderFromDisk } from '@lazuli/resources';
import { LiveConfiguration } from './live-configuration.ts';

export interface CheckOptions {
  /** A secrets file outside the folder, or null. */
  readonly secretsFile: string | null;
  /** Policies that are known but not built are warnings. */
  readonly allowUnsupported: boolean;
}

/**
 * Everything that is wrong with a folder, by file, line and column: what `startServer` would refuse and warn of.
 * @throws {FolderUnavailableError} when there is no such folder, {SecretsUnavailableError} when the secrets file is missing.
 */
export async function checkFolder(folder: string, options: CheckOptions): Promise<readonly Diagnostic[]> {
  const { diagnostics } = await new LiveConfiguration(folderFromDisk(folder), options).load();
  return diagnostics;
}
