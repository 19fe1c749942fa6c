/** How whoever called this program calls it again: in a clone through npm, elsewhere by its name. */
export function invocation(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.npm_lifecycle_event === 'lazuli' ? 'npm run -s lazuli --' : 'lazuli';
}
