import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import type { TemplateInput } from '../message/body-edit.ts';

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
  _options: LiquidOptions,
): (exchange: Exchange) => Uint8Array {
  compiler.report(element, "The template 'liquid' is not supported.");
  return () => new Uint8Array(0);
}
