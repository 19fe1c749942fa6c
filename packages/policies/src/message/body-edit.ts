import { toStringOf } from '@lazuli/expressions';
import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { compileLiquid, type LiquidOptions } from '../liquid/compile-liquid.ts';
import type { ElementSchema } from '../schema/definition.ts';

/** `set-body`, wherever it stands: as a policy, in `return-response`, in `send-request`. */
export const setBodyElement: ElementSchema = {
  attributes: {
    template: { type: 'enum', values: ['none', 'liquid'], default: 'none', expression: false },
    'xsi-nil': { type: 'enum', values: ['blank', 'null'], default: 'blank', expression: false },
    'parse-date': { type: 'boolean', default: 'true', expression: false },
    'html-decode-expression': { type: 'boolean', default: 'false', expression: false, note: 'undocumented' },
  },
  text: { required: false, expression: true },
  children: { kind: 'verbatim' },
};

/** The message that a Liquid template knows as `body`; `none` where there is no message yet. */
export type TemplateInput = 'request' | 'response' | 'none';

/**
 * Compiles a `set-body` element to what it puts into the message. An expression may give a string, a `byte[]`, or
 * anything else, whose ToString() counts (a JObject is its JSON); null is an empty body. Literal text is taken as it
 * stands between the tags, blanks included; XML elements in it are kept as written. Text is UTF-8.
 */
export function compileSetBody(
  element: PolicyElement,
  compiler: PolicyCompiler,
  input: TemplateInput,
): (exchange: Exchange) => Uint8Array {
  const isLiquid = compiler.choice(element, 'template').constant === 'liquid';
  return compileContent(
    element,
    compiler,
    isLiquid
      ? {
          xsiNil: compiler.choice(element, 'xsi-nil').constant === 'null' ? 'null' : 'blank',
          parseDate: compiler.boolean(element, 'parse-date').constant !== false,
          input,
        }
      : null,
  );
}

/** Compiles the content of an element as {@link compileSetBody} does: a Liquid template, or (null) text or an expression. */
export function compileContent(
  element: PolicyElement,
  compiler: PolicyCompiler,
  liquid: LiquidOptions | null,
): (exchange: Exchange) => Uint8Array {
  if (liquid) return compileLiquid(element, compiler, liquid);
  if (element.text?.kind === 'expression') {
    const value = compiler.value(element.text);
    return (exchange) => toBytes(value.get(exchange));
  }
  const literal = Buffer.from(element.children.length > 0 ? element.inner.text : (element.text?.text ?? ''));
  return () => literal;
}

const nothing = new Uint8Array(0);

function toBytes(value: unknown): Uint8Array {
  if (value === null || value === undefined) return nothing;
  if (value instanceof Uint8Array) return value;
  return Buffer.from(typeof value === 'string' ? value : toStringOf(value));
}
