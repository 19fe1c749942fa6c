/**
 * A name as .NET prints it: the last part first, `, ` between, `S` for state and `E` for the e-mail address, values with
 * special characters in quotes. `lines` is what node:crypto gives: one part a line, in the order of the certificate.
 */
export function distinguishedName(lines: string | undefined): string {
  return nameParts(lines)
    .toReversed()
    .map(([type, value]) => `${type}=${quoted(value)}`)
    .join(', ');
}

/** Type and value of each part, in the order of the certificate. */
export function nameParts(lines: string | undefined): (readonly [string, string])[] {
  if (!lines) return [];
  return lines.split('\n').map((line) => {
    const equals = line.indexOf('=');
    const type = line.slice(0, equals);
    return [renamed[type] ?? type, unescaped(line.slice(equals + 1))] as const;
  });
}

const renamed: Readonly<Record<string, string>> = {
  ST: 'S',
  emailAddress: 'E',
  serialNumber: 'SERIALNUMBER',
  GN: 'G',
  title: 'T',
  street: 'STREET',
};

function unescaped(text: string): string {
  return text.replace(/\\([0-9A-Fa-f]{2})|\\(.)/g, (_all, hex, plain) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : plain,
  );
}

function quoted(value: string): string {
  return /[,+="\n<>#;]|^\s|\s$|^$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
