import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';

/**
 * Reports the second use of a policy that may stand only once in a section, or in a whole policy document (the policies
 * concerned can stand only in one section). What fragments bring in counts too. Uses in different branches of `choose` are
 * not counted together: only one of them runs.
 */
export function reportRepetition(
  element: PolicyElement,
  compiler: PolicyCompiler,
  where: 'section' | 'definition',
): void {
  const number = Number(/\[(\d+)\]$/.exec(compiler.info.path)?.[1] ?? 1);
  if (number > 1) compiler.report(element, `Policy '${element.name}' can be used only once in a policy ${where}.`);
}
