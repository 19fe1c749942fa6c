import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { startBudget } from '../budget.ts';
import { BudgetExceeded, NetException } from '../exceptions.ts';
import { XName } from './name.ts';
import { nodesEqual, XElement } from './nodes.ts';
import { parseXml } from './parse.ts';

beforeEach(() => startBudget());

const bomb = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${'&a;'.repeat(10)}"><!ENTITY c "${'&b;'.repeat(10)}">]><a>&c;</a>`;

test('entities of a DTD are not expanded', () => {
  expect(() => parseXml(bomb)).toThrow(NetException);
});

test('an external entity is not fetched', () => {
  expect(() => parseXml('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')).toThrow(NetException);
});

test('deep nesting is refused', () => {
  expect(() => parseXml('<a>'.repeat(100_000))).toThrow('nested more than 500 deep');
  expect(parseXml('<a>'.repeat(400) + '</a>'.repeat(400)).text(true)).toContain('<a />'.slice(0, 2));
});

test('a tree that an expression builds too deep ends in BudgetExceeded', () => {
  let element = new XElement(new XName('a'));
  for (let i = 0; i < 3000; i++) {
    const outer = new XElement(new XName('a'));
    outer.nodes.push(element);
    element.parent = outer;
    element = outer;
  }
  expect(() => element.text(false)).toThrow(BudgetExceeded);
  expect(() => element.value).toThrow(BudgetExceeded);
  expect(() => element.clone()).toThrow(BudgetExceeded);
});

test('what is written reads back the same', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab <>&"\'é\u0085]]>\n') });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), text, (texts, attribute) => {
      startBudget();
      const root = new XElement(new XName('r', 'urn:x'));
      for (const [i, content] of texts.entries()) {
        const child = new XElement(new XName(`c${i}`, i % 2 === 0 ? 'urn:x' : ''));
        child.setAttributeValue(new XName('q'), attribute);
        child.value = `x${content}`;
        root.add(child);
      }
      const read = parseXml(root.text(false)).root;
      const normal = (element: XElement | null) => element?.text(false).replaceAll('\r\n', '\n');
      expect(normal(read?.clone() ?? null)).toBe(normal(root));
      expect(read === null || !nodesEqual(read, null)).toBe(true);
    }),
  );
});

test('any text is read or is an XmlException', () => {
  const text = fc.string({ unit: fc.constantFrom(...'<>/ab=\'"!-[]?& ;#x1:CDAT') });
  fc.assert(
    fc.property(text, (source) => {
      startBudget();
      try {
        parseXml(`<${source}`);
      } catch (error) {
        expect(error).toBeInstanceOf(NetException);
        expect((error as NetException).typeName).toBe('System.Xml.XmlException');
      }
    }),
    { numRuns: 3000 },
  );
});
