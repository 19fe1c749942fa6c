// biome-ignore-all assist/source/organizeImports: the order of loading
/**
 * The tree of System.Xml.Linq: import it from here only. The classes know each other, and this order loads each after
 * the one that it extends.
 */
export { XAttribute, XNode, XObject } from './x-node.ts';
export { XCData, XComment, XDocumentType, XProcessingInstruction, XText } from './x-leaves.ts';
export { XContainer } from './x-container.ts';
export { XElement } from './x-element.ts';
export { XDeclaration, XDocument } from './x-document.ts';
export { nodesEqual } from './nodes-equal.ts';
export { XmlNodeType } from './node-type.ts';
