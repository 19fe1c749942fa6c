/** A piece of a document, already escaped. */
export type Xml = string & { readonly isXml?: true };

/** `<name a="b">…</name>`; pieces in order, those that are undefined left out. */
export function element(
  name: string,
  content: string | number | boolean | readonly (Xml | undefined)[],
  attributes: Readonly<Record<string, string>> = {},
): Xml {
  const given = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(value)}"`)
    .join('');
  const inside =
    typeof content === 'object' ? content.filter((piece) => piece !== undefined).join('') : escaped(`${content}`);
  return inside === '' ? `<${name}${given} />` : `<${name}${given}>${inside}</${name}>`;
}

/** What a document cannot hold becomes U+FFFD; a carriage return is written as a reference, or readers would make a line feed of it. */
function escaped(text: string): string {
  return text.toWellFormed().replace(/[&<>"]|\p{Cc}|[\ufffe\uffff]/gu, (one) => escapes[one] ?? '\ufffd');
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
  '\n': '\n',
  '\t': '\t',
};
