/** A body that does not fit: libxml2's words, the line, and where libxml2's path has the element. */
export interface SchemaProblem {
  readonly message: string;
  readonly line: number;
  readonly path: string | null;
}

/**
 * A problem in the words of .NET's XmlSchemaValidationException, which Azure's answers have; what has no counterpart stays
 * in the words of libxml2. `parent` is the name of the element around it as `{namespace}local`, when it is known.
 */
export function schemaProblemText({ message }: SchemaProblem, parent: string | null): string {
  const match = /^Element '(?<element>[^']*)'(?:, attribute '(?<attribute>[^']*)')?: (?<rest>.*)$/s.exec(message);
  const { element = '', attribute, rest = message } = match?.groups ?? {};
  if (!match) return sentence(message);
  if (attribute !== undefined) return attributeText(attribute, rest);
  if (rest.startsWith('No matching global')) return `The '${colons(element)}' element is not declared.`;
  const unexpected = /^This element is not expected\.(?: Expected is (.*))?$/s.exec(rest);
  if (unexpected) {
    const invalid = `has invalid child element ${inNamespace(element)}.${expectedText(unexpected[1])}`;
    return parent === null ? `The document ${invalid}` : `The element ${inNamespace(parent)} ${invalid}`;
  }
  const missing = /^Missing child element\(s\)\.(?: Expected is (.*))?$/s.exec(rest);
  if (missing) return `The element ${inNamespace(element)} has incomplete content.${expectedText(missing[1])}`;
  const required = /^The attribute '(.*)' is required but missing\.$/s.exec(rest);
  if (required) return `The required attribute '${colons(required[1] ?? '')}' is missing.`;
  const value = valueText(rest);
  return value === null
    ? `The '${colons(element)}' element is invalid - ${sentence(rest)}`
    : `The '${colons(element)}' element is invalid - ${value}`;
}

function attributeText(attribute: string, rest: string): string {
  if (/ is not allowed\.$/s.test(rest)) return `The '${colons(attribute)}' attribute is not declared.`;
  return `The '${colons(attribute)}' attribute is invalid - ${valueText(rest) ?? sentence(rest)}`;
}

function valueText(rest: string): string | null {
  const match = /^'(.*)' is not a valid value of the (?:atomic|list|union|local atomic) type(?: '(.*)')?\.$/s.exec(
    rest,
  );
  if (!match) return null;
  const [, value = '', type = ''] = match;
  const name = type.replace(/^xs:/, 'http://www.w3.org/2001/XMLSchema:');
  return `The value '${value}' is invalid according to its datatype${name === '' ? '' : ` '${colons(name)}'`}.`;
}

/** `( {urn:a}x )` and `one of ( x, y )`. A wildcard (`##other{…}*`) is no name. */
function expectedText(list: string | undefined): string {
  const names =
    /\(([^)]*)\)/
      .exec(list ?? '')?.[1]
      ?.split(',')
      .map((name) => name.trim()) ?? [];
  const known = names.filter((name) => name !== '' && !name.includes('*'));
  return known.length === 0 ? '' : ` List of possible elements expected: ${known.map(inNamespace).join(', ')}.`;
}

/** `{urn:a}x` as `urn:a:x`. */
const colons = (name: string): string => name.replace(/^\{([^}]*)\}/, '$1:');

/** `{urn:a}x` as `'x' in namespace 'urn:a'`. */
function inNamespace(name: string): string {
  const match = /^\{([^}]*)\}(.*)$/s.exec(name);
  return match ? `'${match[2]}' in namespace '${match[1]}'` : `'${name}'`;
}

const sentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);
