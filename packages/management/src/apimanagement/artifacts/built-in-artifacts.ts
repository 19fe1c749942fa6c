/** Groups that every service has, by name in lower case. */
export const builtInGroups: readonly string[] = ['administrators', 'developers', 'guests'];

/** What a service makes itself and no folder describes; `path` is below the service. */
export function isBuiltIn(path: string): boolean {
  return [
    /^groups\/(administrators|developers|guests)$/i,
    /^groups\/(administrators|developers|guests)\/users\//i,
    /^products\/[^/]+\/groups\/administrators$/i,
    /^users\/1$/,
    /^subscriptions\/master$/i,
  ].some((pattern) => pattern.test(path));
}
