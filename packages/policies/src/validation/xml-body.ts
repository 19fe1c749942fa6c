import { readXml, type XmlDocument, XmlSyntaxError } from '../xml/xml-tree.ts';

const soapNamespaces = new Set([
  'http://schemas.xmlsoap.org/soap/envelope/',
  'http://www.w3.org/2003/05/soap-envelope',
]);

/** What is wrong with an XML text, with line and position, or null. `soap` wants an envelope with a body. */
export function xmlProblem(text: string, kind: 'xml' | 'soap'): string | null {
  let document: XmlDocument;
  try {
    document = readXml(text);
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    return `${error.message}. Line: ${error.line}, Position: ${error.position}`;
  }
  if (kind === 'xml') return null;
  const { root } = document;
  const children = root.nodes.flatMap((node) => (node.kind === 'element' ? [node] : []));
  return envelopeProblem({ local: root.local, namespace: root.namespace, children });
}

interface Name {
  readonly local: string;
  readonly namespace: string;
}

/** What is wrong with a root element as a SOAP envelope, or null. */
export function envelopeProblem(root: Name & { readonly children: readonly Name[] }): string | null {
  if (root.local !== 'Envelope' || !soapNamespaces.has(root.namespace))
    return 'The root element is not a SOAP envelope. Line: 1, Position: 1';
  const hasBody = root.children.some(({ local, namespace }) => local === 'Body' && namespace === root.namespace);
  return hasBody ? null : 'The SOAP envelope has no body. Line: 1, Position: 1';
}
