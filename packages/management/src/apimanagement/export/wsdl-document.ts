import { wsdl } from '../import/wsdl/load-wsdl.ts';
import { writeElement } from '../import/xml/write-xml.ts';
import { readXmlTree, type XmlElement } from '../import/xml/xml-tree.ts';
import type { ExportedApi } from './exported-api.ts';

/** The WSDL that a SOAP API was made of, with the address of the gateway; null when the API has none. */
export function wsdlDocument(api: ExportedApi): string | null {
  if (api.type !== 'soap') return null;
  for (const { document } of api.schemas) {
    const { value } = document;
    if (typeof value !== 'string' || !value.includes(wsdl)) continue;
    const root = readXmlTree(value);
    if (root.local === 'definitions' && root.namespace === wsdl)
      return `<?xml version="1.0" encoding="utf-8"?>\n${writeElement(atAddress(root, api.url))}\n`;
  }
  return null;
}

function atAddress(element: XmlElement, url: string): XmlElement {
  const isAddress = element.local === 'address' && /\/wsdl\/soap(12)?\/$/.test(element.namespace);
  return {
    ...element,
    attributes: element.attributes.map(([name, value]): readonly [string, string] =>
      isAddress && name === 'location' ? [name, url] : [name, value],
    ),
    nodes: element.nodes.map((node) => (typeof node === 'string' ? node : atAddress(node, url))),
  };
}
