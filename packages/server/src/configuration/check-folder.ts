import { stat } from 'node:fs/promises';
import { type Diagnostic, folderFromDisk } from '@lazuli/resources';
import { checkDocument } from './check-document.ts';
import { LiveConfiguration } from './live-configuration.ts';

export interface CheckOptions {
  /** A secrets file outside the folder, or null. */
  readonly secretsFile: string | null;
  /** Policies that are known but not built are warnings. */
  readonly allowUnsupported: boolean;
}

/**
 * Everything that is wrong with a folder, by file, line and column: what `startServer` would refuse and warn of. A policy
 * document instead of a folder, a file whatever its name, is checked on its own.
 * @throws {FolderUnavailableError} when there is no such folder, {SecretsUnavailableError} when the secrets file is missing.
 */
export async function checkFolder(folder: string, options: CheckOptions): Promise<readonly Diagnostic[]> {
  if (await isDocument(folder)) return checkDocument(folder, options.allowUnsupported);
  const { diagnostics } = await new LiveConfiguration(folderFromDisk(folder), options).load();
  return diagnostics;
}

async function isDocument(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
