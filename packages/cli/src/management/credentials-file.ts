import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Credentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Where `lazuli principal create --save` keeps the credentials of the command line. */
export function credentialsFile(dataFolder: string): string {
  return join(dataFolder, 'credentials.json');
}

/** Writes them so that only the user can read them. */
export async function saveCredentials(dataFolder: string, credentials: Credentials): Promise<string> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const file = credentialsFile(dataFolder);
  await writeFile(file, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  return file;
}

/** From the environment, as Azure's own clients have it, else from the data folder. */
export async function findCredentials(
  dataFolder: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Credentials> {
  const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret } = environment;
  if (clientId && clientSecret) return { tenantId: tenantId || 'common', clientId, clientSecret };
  const file = credentialsFile(dataFolder);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new Error(
      `There are no credentials: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or make some on the machine of the server with 'lazuli principal create NAME --role Owner --save'.`,
    );
  }
  const saved: unknown = JSON.parse(text);
  if (typeof saved !== 'object' || saved === null) throw new Error(`'${file}' holds no credentials.`);
  const member = (name: string): string => {
    const value: unknown = Reflect.get(saved, name);
    if (typeof value === 'string') return value;
    throw new Error(`'${file}' has no '${name}'.`);
  };
  return { tenantId: member('tenantId'), clientId: member('clientId'), clientSecret: member('clientSecret') };
}
