import { describe, expect, it } from 'vitest';
import { convertPolicyText } from './convert-format.ts';
import { readPolicyText } from './reader.ts';

const raw = `<policies>
  <!-- @(a < b) stays -->
  <inbound>
    <base />
    <set-variable name="x" value="@{
      var n = new List<string>();
      return n.Count < 1 && "a&b" != "\\"";
    }" />
    <set-header name='Y' exists-action="override">
      <value>@(context.Variables.GetValueOrDefault<string>("x") + "</value>")</value>
    </set-header>
    <set-body><![CDATA[@("<a>" + 1)]]></set-body>
    <choose><when condition="@(1 < 2)"><trace source="a > b">plain</trace></when></choose>
  </inbound>
</policies>`;

function values(text: string, format: 'xml' | 'rawxml'): string[] {
  const { root, problems } = readPolicyText(text, { file: 'p.xml', format, kind: 'policies', namedValues: new Map() });
  expect(problems).toEqual([]);
  const found: string[] = [];
  const visit = (element: NonNullable<typeof root>): void => {
    for (const { value } of element.attributes) found.push(value.text);
    if (element.text) found.push(element.text.text);
    for (const child of element.children) visit(child);
  };
  if (root) visit(root);
  return found;
}

describe('a policy document in the other format', () => {
  it('means the same', () => {
    const xml = convertPolicyText(raw, 'rawxml', 'xml');
    expect(xml).toContain('value="@{&#xA;      var n = new List&lt;string&gt;();');
    expect(xml).toContain('&amp;&amp; &quot;a&amp;b&quot;');
    expect(values(xml, 'xml')).toEqual(values(raw, 'rawxml'));
  });

  it('comes back as it was', () => {
    expect(convertPolicyText(convertPolicyText(raw, 'rawxml', 'xml'), 'xml', 'rawxml')).toBe(raw);
  });

  it('is left alone outside of expressions', () => {
    const text =
      '<policies><inbound><set-header name="A"><value>a &amp; b &lt; "c"</value></set-header></inbound></policies>';
    expect(convertPolicyText(text, 'xml', 'rawxml')).toBe(text);
    expect(convertPolicyText(text, 'rawxml', 'xml')).toBe(text);
    expect(convertPolicyText(text, 'xml', 'xml')).toBe(text);
  });

  it.each(['', '<', '<a b="@(', '<a>@(', '<a b=\'@{"', '<!--', '<a b="x', '@('])('survives %j', (text) => {
    expect(typeof convertPolicyText(text, 'rawxml', 'xml')).toBe('string');
    expect(typeof convertPolicyText(text, 'xml', 'rawxml')).toBe('string');
  });
});
