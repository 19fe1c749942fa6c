import type { Liquid, Template } from 'liquidjs';
import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';
import type { TemplateInput } from '../message/body-edit.ts';
import { messageIn, readTextNow } from '../message/body-text.ts';
import { PolicyError } from '../policy-error.ts';
import { createLiquidEngine } from './liquid-engine.ts';
import { templateBody } from './template-body.ts';
import { templateContext } from './template-context.ts';

export interface LiquidOptions {
  /** What elements with `xsi:nil="true"` become: an empty string or null. */
  readonly xsiNil: 'blank' | 'null';
  /** Are strings that look like dates turned into dates? */
  readonly parseDate: boolean;
  /** The message that the template knows as `body`. */
  readonly input: TemplateInput;
}

/** Compiles the template between the tags of a `set-body template="liquid"`. Problems are reported through `compiler`. */
export function compileLiquid(
  element: PolicyElement,
  compiler: PolicyCompiler,
  options: LiquidOptions,
): (exchange: Exchange) => Uint8Array {
  const { input } = options;
  let current: Exchange | null = null;
  const engine = createLiquidEngine(() => current?.ports.clock.now() ?? 0);
  const templates = parse(engine, element, compiler);
  if (input !== 'none') compiler.reads(input);
  return (exchange) => {
    const message = input === 'none' ? null : messageIn(exchange, input);
    const text = message && readTextNow(message, exchange.limits.policyBodyBytes);
    const body =
      message && text !== null ? templateBody(text, message.headers.get('Content-Type'), options) : undefined;
    // Rendering is synchronous: one exchange at a time.
    current = exchange;
    try {
      const rendered: unknown = engine.renderSync(templates, { body, context: templateContext(exchange) });
      return Buffer.from(String(rendered).toWellFormed());
    } catch (error) {
      if (error instanceof PolicyError) throw error;
      throw evaluationFailure(`The Liquid template failed. ${firstLine(error)}`, error);
    } finally {
      current = null;
    }
  };
}

function parse(engine: Liquid, element: PolicyElement, compiler: PolicyCompiler): Template[] {
  if (element.text?.kind === 'expression') {
    compiler.report(element, 'A Liquid template cannot be an expression.', element.text.at);
    return [];
  }
  const template = element.children.length > 0 ? element.inner.text : (element.text?.text ?? '');
  try {
    return engine.parse(template);
  } catch (error) {
    compiler.report(element, `The Liquid template is not correct: ${firstLine(error)}.`);
    return [];
  }
}

/** Without the engine's excerpt of the template, which may hold values of named values. */
function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  return line.replace(/\.$/, '');
}
