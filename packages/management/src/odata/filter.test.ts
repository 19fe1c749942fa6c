import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readField } from '../engine/list-options.ts';
import { parseFilter } from './filter.ts';
import { FilterSyntaxError } from './lexer.ts';
import { matches } from './matches.ts';
import { joinTagConditions } from './tag-filters.ts';

const item = {
  name: 'echo',
  tags: ['red', 'green'],
  count: 3,
  properties: {
    displayName: "O'Brien’s API",
    isCurrent: true,
    created: '2026-01-31T12:00:00Z',
    links: [{ id: 'a' }, { id: 'b' }],
  },
};
const passes = (filter: string) => matches(parseFilter(filter), (path) => readField(item, path));

describe('$filter', () => {
  it.each([
    ["name eq 'echo'", true],
    ["name eq 'ECHO'", true],
    ["name ne 'echo'", false],
    ["displayName eq 'O''Brien’s API'", true],
    ["properties/displayName eq 'x' or name eq 'echo'", true],
    ["name eq 'x' or name eq 'echo' and isCurrent eq false", false],
    ["(name eq 'x' or name eq 'echo') and isCurrent eq true", true],
    ['not (isCurrent eq true)', false],
    ['isCurrent', true],
    ['count gt 2 and count le 3', true],
    ["count gt '2'", false],
    ['created ge 2026-01-31T11:00:00Z and created lt 2026-02-01', true],
    ["created ge datetime'2026-03-01T00:00:00Z'", false],
    ["created ge '2026-01-01T00:00:00Z'", true],
    ["contains(displayName, 'brien')", true],
    ["substringof('brien', properties/displayName)", true],
    ["startswith(toupper(name), 'EC') eq true", true],
    ["endswith(name,'ho')", true],
    ["indexof(name, 'h') eq 2 and length(name) eq 4", true],
    ["concat(name, '!') eq 'echo!'", true],
    ["name in ('a', 'echo')", true],
    ['missing eq null', true],
    ['missing ne null', false],
    ["tags/any(t: t eq 'red')", true],
    ["tags/all(t: t eq 'red')", false],
    ["links/any(l: l/id eq 'b')", true],
  ])('%s is %s', (filter, expected) => {
    expect(passes(filter)).toBe(expected);
  });

  it.each([
    ['', /too early/],
    ["name eq 'x", /unexpected '''/],
    ['name eq', /too early/],
    ["name like 'x'", /unexpected 'like'/],
    ["(name eq 'x'", /expected '\)' at the end/],
    ["upper(name) eq 'X'", /function 'upper' is not supported/],
    ['contains(name)', /takes 2 arguments/],
    [`${'('.repeat(200)}a${')'.repeat(200)}`, /nested more than 100/],
    [`${'not '.repeat(200)}a`, /nested more than 100/],
    [`a eq '${'x'.repeat(9000)}'`, /longer than 8192/],
  ])('%s is refused with a reason', (filter, reason) => {
    expect(() => parseFilter(filter)).toThrow(reason);
  });

  it.each([
    ["tagName eq 'a'", true],
    ["tagName eq 'A' and tagValue eq '1'", true],
    ["tagName eq 'a' and tagValue eq '2'", false],
    ["tagValue eq '2' and tagname eq 'b'", true],
    ["tagName eq 'c'", false],
    ["tagName eq 'c' or name eq 'echo'", true],
  ])('%s speaks of one tag: %s', (filter, expected) => {
    const tagged = { name: 'echo', tags: { a: '1', b: '2' } };
    expect(matches(joinTagConditions(parseFilter(filter)), (path) => readField(tagged, path))).toBe(expected);
  });

  it('tells the provider of its own functions', () => {
    const node = parseFilter("atScope() and assignedTo('x')", { extraFunctions: ['atscope', 'assignedto'] });
    expect(
      matches(
        node,
        () => undefined,
        (name, operands) => name === 'atscope' || operands[0] === 'x',
      ),
    ).toBe(true);
  });

  it('finds any string that is quoted, and never breaks on what is not a filter', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const filter = `name eq '${text.replaceAll("'", "''")}'`;
        expect(matches(parseFilter(filter), () => text)).toBe(true);
      }),
    );
    const words = fc.constantFrom(
      'name',
      'eq',
      'and',
      'or',
      'not',
      '(',
      ')',
      ',',
      "'a'",
      '1',
      'contains',
      'in',
      '/',
      'any',
      ':',
      'null',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 40 }).map((list) => list.join(' ')),
        ),
        (text) => {
          try {
            matches(parseFilter(text), () => 'a');
          } catch (error) {
            expect(error).toBeInstanceOf(FilterSyntaxError);
          }
        },
      ),
    );
  });
});
