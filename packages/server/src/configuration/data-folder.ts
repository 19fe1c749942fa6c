import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where Lazuli keeps what is not configuration (its certificate authority): `LAZULI_DATA`, or `.lazuli` in the home folder. */
export function defaultDataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.LAZULI_DATA || join(homedir(), '.lazuli');
}
