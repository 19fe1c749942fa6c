/** Longest name before a suffix; Azure keeps four characters of its 80 for one. */
const maxName = 76;

/**
 * The resource name of an operation as Azure's import makes it from an operationId: lower case, every run of other
 * characters than letters and digits one dash, no dash at the ends, at most 76 characters.
 * Source: "API import restrictions and known issues", normalization rules for operationId.
 */
export function normaliseOperationName(operationId: string): string {
  return operationId
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, maxName)
    .replace(/-+$/, '');
}

/** The name with a suffix (`-1`, `-2` …) if it is taken. */
export function uniqueOperationName(name: string, taken: ReadonlySet<string>): string {
  let unique = name;
  for (let suffix = 1; taken.has(unique); suffix++) unique = `${name}-${suffix}`;
  return unique;
}
