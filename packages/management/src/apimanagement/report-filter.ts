import { armError } from '../errors.ts';
import { type FilterNode, parseFilter } from '../odata/filter.ts';
import { FilterSyntaxError } from '../odata/lexer.ts';
import type { ReportKey } from './report-source.ts';

/** What a report asks for. */
export interface ReportFilter {
  /** Milliseconds since 1970, both inclusive. */
  readonly from: number;
  readonly to: number;
  /** Names in lower case. */
  readonly equal: ReadonlyMap<keyof ReportKey, string>;
  /** False: it asks for a region where there is none. */
  readonly hasRegion: boolean;
}

const fields: Readonly<Record<string, keyof ReportKey>> = {
  apiid: 'apiId',
  operationid: 'operationId',
  productid: 'productId',
  subscriptionid: 'subscriptionId',
  userid: 'userId',
};

/**
 * `$filter` of a report: comparisons joined by `and`; `timestamp` with ge, gt, le and lt, ids and `apiRegion` with eq (the SDK's
 * page "reports"). @throws {ArmError}
 */
export function readReportFilter(text: string | undefined): ReportFilter {
  let from = 0;
  let to = Number.MAX_SAFE_INTEGER;
  let hasRegion = true;
  const equal = new Map<keyof ReportKey, string>();
  if (text === undefined || text.trim() === '') return { from, to, equal, hasRegion };
  const fail = (reason: string) => armError('InvalidFilterInQueryString', { filter: text, reason });
  for (const { field, operator, value } of comparisonsIn(text, fail)) {
    const name = field.toLowerCase();
    const key = fields[name];
    if (name === 'timestamp') {
      const time = Date.parse(value);
      if (Number.isNaN(time)) throw fail(`'${value}' is no date and time`);
      if (operator === 'ge' || operator === 'gt') from = Math.max(from, operator === 'gt' ? time + 1 : time);
      else if (operator === 'le' || operator === 'lt') to = Math.min(to, operator === 'lt' ? time - 1 : time);
      else throw fail("'timestamp' is compared with ge, gt, le or lt");
    } else if (operator !== 'eq') throw fail(`'${field}' is compared with eq`);
    else if (name === 'apiregion') hasRegion &&= ['', 'unknown', 'local'].includes(value.toLowerCase());
    else if (key) equal.set(key, value.slice(value.lastIndexOf('/') + 1).toLowerCase());
    else
      throw fail(
        `the field '${field}' is not known; expected timestamp, apiRegion or one of ${Object.values(fields).join(', ')}`,
      );
  }
  return { from, to, equal, hasRegion };
}

/** Whether everything about the request that the filter names is so. */
export function isSelected(key: ReportKey, { equal, hasRegion }: ReportFilter): boolean {
  if (!hasRegion) return false;
  for (const [field, value] of equal) if (key[field]?.toLowerCase() !== value) return false;
  return true;
}

interface Comparison {
  readonly field: string;
  readonly operator: string;
  readonly value: string;
}

function comparisonsIn(text: string, fail: (reason: string) => Error): readonly Comparison[] {
  const found: Comparison[] = [];
  const waiting: FilterNode[] = [parsed(text, fail)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind === 'and') waiting.push(node.right, node.left);
    else if (node.kind === 'compare' && node.left.kind === 'field' && node.right.kind === 'literal')
      found.push({ field: node.left.path, operator: node.operator, value: String(node.right.value) });
    else throw fail("reports take comparisons of a field with a value, joined by 'and'");
  }
  return found;
}

function parsed(text: string, fail: (reason: string) => Error): FilterNode {
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw fail(error.message);
    throw error;
  }
}
