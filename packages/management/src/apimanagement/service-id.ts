/** The id of the service that a resource belongs to. */
export function serviceIdOf(id: string): string {
  const match = /^.*?\/providers\/Microsoft\.ApiManagement\/service\/[^/]+/i.exec(id);
  if (!match) throw new TypeError(`'${id}' is not below an API Management service.`);
  return match[0];
}
