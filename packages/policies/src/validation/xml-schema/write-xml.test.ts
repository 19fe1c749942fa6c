import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readXml, type XmlElement } from '../../xml/xml-tree.ts';
import { placeOfElement } from './element-place.ts';
import { writeXml } from './write-xml.ts';

const name = fc.constantFrom('a', 'b', 'p:a', 'p:b', 'q:a');
const content = fc.string({ unit: fc.constantFrom('x', '&', '<', '>', '"', "'", ' ', '\n', '\t', 'ü', ']]>') });

interface Tree {
  readonly name: string;
  readonly value: string;
  readonly children: readonly (Tree | string)[];
}

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record({
    name,
    value: content,
    children: fc.array(fc.oneof({ depthSize: 'small' }, content, tie('tree')), { maxLength: 4 }),
  }),
}));

const escaped = (text: string) => text.replace(/[&<>"\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);

function markup(one: Tree | string): string {
  if (typeof one === 'string') return escaped(one);
  return `<${one.name} v="${escaped(one.value)}">${one.children.map(markup).join('')}</${one.name}>`;
}

const documentOf = (one: Tree) => `<r xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q">${markup(one)}</r>`;

it('writes an element so that it is read as what it was', () => {
  fc.assert(
    fc.property(tree, (one) => {
      const { root } = readXml(documentOf(one), true);
      const [inner] = root.nodes;
      if (inner?.kind !== 'element') throw new TypeError('no element');
      const declared = new Map([
        ['', 'urn:d'],
        ['p', 'urn:p'],
        ['q', 'urn:q'],
      ]);
      const written = readXml(writeXml(inner, { declared, change: (element) => element }), true).root;
      expect(withoutDeclarations(written)).toEqual(withoutDeclarations(inner));
    }),
  );
});

it('finds every element by its path', () => {
  fc.assert(
    fc.property(tree, (one) => {
      const text = documentOf(one);
      const visit = (element: XmlElement, path: string) => {
        const place = placeOfElement(text, path);
        const line = text.split('\n')[(place?.line ?? 0) - 1] ?? '';
        expect(line.slice((place?.position ?? 0) - 1)).toMatch(new RegExp(`^${element.name}[ >/]`));
        const inside = element.nodes.flatMap((node) => (node.kind === 'element' ? [node] : []));
        inside.forEach((child, index) => {
          // As libxml2 writes it: names in the default namespace are `*`, which counts all.
          const isPrefixed = child.name.includes(':');
          const same = inside.slice(0, index + 1).filter((other) => !isPrefixed || other.name === child.name);
          visit(child, `${path}/${isPrefixed ? child.name : '*'}[${same.length}]`);
        });
      };
      visit(readXml(text, true).root, '/*');
    }),
  );
});

const withoutDeclarations = (element: XmlElement): unknown => ({
  name: element.name,
  namespace: element.namespace,
  attributes: element.attributes.filter(({ name: own }) => !own.startsWith('xmlns')),
  nodes: element.nodes.map((node) => (node.kind === 'element' ? withoutDeclarations(node) : node)),
});
