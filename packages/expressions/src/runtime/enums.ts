/** The names behind enum values: `Boxed` carries only a type name and a number. */
export interface EnumDescription {
  readonly values: Readonly<Record<string, number>>;
  readonly flags: boolean;
}

const enums = new Map<string, EnumDescription>();

/** Makes the names of an enum known to `ToString()`, `Enum.Parse` and formatting. `declareType` calls it. */
export function describeEnum(type: string, values: Readonly<Record<string, number>>, flags: boolean): void {
  enums.set(type, { values, flags });
}

export function enumDescription(type: string): EnumDescription | undefined {
  return enums.get(type);
}

/**
 * `Enum.ToString()` (format G): the name; for `[Flags]` the names of the bits set, joined with `, `; else the number.
 * Source: .NET documentation of Enum.ToString.
 */
export function enumToString(type: string, value: number): string {
  const description = enums.get(type);
  if (!description) return String(value);
  const entries = Object.entries(description.values);
  const exact = entries.find(([, v]) => v === value);
  if (exact) return exact[0];
  if (!description.flags || value === 0) return String(value);
  return flagNames(entries, value) ?? String(value);
}

/** Format F: as if the type had `[Flags]`. */
export function enumToFlagsString(type: string, value: number): string {
  const entries = Object.entries(enums.get(type)?.values ?? {});
  const exact = entries.find(([, v]) => v === value);
  return exact?.[0] ?? flagNames(entries, value) ?? String(value);
}

function flagNames(entries: readonly (readonly [string, number])[], value: number): string | undefined {
  const descending = entries.filter(([, v]) => v !== 0).sort((a, b) => b[1] - a[1]);
  const names: string[] = [];
  let rest = value;
  for (const [name, bits] of descending) {
    if ((rest & bits) === bits) {
      names.unshift(name);
      rest &= ~bits;
    }
  }
  return rest === 0 && names.length > 0 ? names.join(', ') : undefined;
}
