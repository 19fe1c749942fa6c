import { XmlNodeType } from '../../runtime/xml/nodes.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';
import { orderTypes } from './document-order.ts';
import { elementTypes } from './element.ts';
import { extensionTypes } from './extensions.ts';
import { nameTypes } from './names.ts';
import { nodeTypes } from './nodes.ts';

const outside =
  'XmlDocument and XmlReader are not among the .NET types that API Management allows; use System.Xml.Linq.XDocument.';

/** Namespace System.Xml.Linq, and what it needs of System.Xml. */
export const xmlTypes: readonly TypeDeclaration[] = [
  declareType({ name: 'System.Xml.XmlNodeType', kind: 'enum', values: XmlNodeType }),
  declareType({
    name: 'System.Xml.Linq.SaveOptions',
    kind: 'enum',
    flags: true,
    values: { None: 0, DisableFormatting: 1, OmitDuplicateNamespaces: 2 },
  }),
  declareType({
    name: 'System.Xml.Linq.LoadOptions',
    kind: 'enum',
    flags: true,
    values: { None: 0, PreserveWhitespace: 1, SetBaseUri: 2, SetLineInfo: 4 },
  }),
  declareType({
    name: 'System.Xml.XmlException',
    kind: 'class',
    base: 'System.Exception',
    members: {
      'int LineNumber { get; }': ({ data }: { data: Record<string, unknown> }) => data.LineNumber ?? 0,
      'int LinePosition { get; }': ({ data }: { data: Record<string, unknown> }) => data.LinePosition ?? 0,
    },
  }),
  ...nameTypes,
  ...nodeTypes,
  ...elementTypes,
  ...extensionTypes,
  ...orderTypes,
  ...['XmlDocument', 'XmlReader', 'XmlNode', 'XmlElement'].map((name) =>
    declareType({ name: `System.Xml.${name}`, kind: 'class', refused: { '': outside } }),
  ),
];
