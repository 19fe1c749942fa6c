/** How a template reaches a member: `.name`, or in brackets where the name is no identifier. */
export function access(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `["${name}"]`;
}
