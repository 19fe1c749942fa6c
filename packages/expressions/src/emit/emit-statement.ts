import type { Bound, BoundForeach, BoundLabelled, BoundStatement, BoundSwitch, BoundTry } from '../bind/bound.ts';
import { special } from '../bind/types.ts';
import { charge } from '../runtime/budget.ts';
import { iterate } from '../runtime/enumerate.ts';
import { NetException } from '../runtime/exceptions.ts';
import { requireEnumerable, throwException } from '../runtime/operators.ts';
import { emitEffect, emitExpression, emitUniform } from './emit-expression.ts';
import { declarations, emitLocalFunction } from './emit-function.ts';
import type { Emitter } from './emitter.ts';

export function emitStatement(emitter: Emitter, node: BoundStatement): string {
  switch (node.kind) {
    case 'Block':
      return `{${node.statements.map((statement) => emitStatement(emitter, statement)).join('')}}`;
    case 'Declare':
      return declarations(emitter, node.locals);
    case 'Local': {
      const name = emitter.local(node.local);
      if (node.local.constant)
        return node.local.hoisted ? '' : `const ${name}=${emitter.literal(node.local.constant.value)};`;
      const value = node.value && emitExpression(emitter, node.value);
      if (node.local.hoisted) return value === null ? '' : `${name}=${value};`;
      return value === null ? `let ${name};` : `let ${name}=${value};`;
    }
    case 'Expression':
      return `${emitEffect(emitter, node.value)};`;
    case 'If':
      return emitIf(emitter, node);
    case 'Loop':
      return emitLoop(emitter, node);
    case 'Foreach':
      return emitForeach(emitter, node);
    case 'Switch':
      return emitSwitch(emitter, node);
    case 'Break':
      return `break $b${node.id};`;
    case 'Continue':
      return `continue $b${node.id};`;
    case 'Labelled':
      return emitLabelled(emitter, node);
    case 'GotoSection':
      return `{$s${node.id}=${node.section};continue $g${node.id};}`;
    case 'Yield':
      return node.value ? `${emitter.ref(charge)}();yield ${emitUniform(emitter, node.value)};` : 'return;';
    case 'Return':
      return emitReturn(emitter, node.value);
    case 'ThrowStatement': {
      if (!node.value) return `throw ${emitter.catchVariables.at(-1)};`;
      return `throw ${emitter.ref(throwException)}(${emitExpression(emitter, node.value)});`;
    }
    case 'Try':
      return emitTry(emitter, node);
    case 'Function':
      return emitLocalFunction(emitter, node);
    case 'Empty':
      return ';';
  }
}

function emitReturn(emitter: Emitter, value: Bound | null): string {
  if (!value) return 'return;';
  const code = emitExpression(emitter, value);
  return `return ${emitter.boxReturns ? emitter.toUniform(emitter.boxReturns, code) : code};`;
}

function emitIf(emitter: Emitter, node: BoundStatement & { kind: 'If' }): string {
  let text = '';
  for (let current: BoundStatement & { kind: 'If' } = node; ; ) {
    text += `if(${emitExpression(emitter, current.condition)})${emitStatement(emitter, current.consequent)}`;
    const next: BoundStatement | null = current.otherwise;
    if (!next) return text;
    text += 'else ';
    if (next.kind !== 'If') return text + emitStatement(emitter, next);
    current = next;
  }
}

/** C#'s `for` has one variable for all rounds: it is declared outside JavaScript's, which copies it. */
function emitLoop(emitter: Emitter, node: BoundStatement & { kind: 'Loop' }): string {
  const step = node.step.map((expression) => emitEffect(emitter, expression)).join(',');
  const tick = `${emitter.ref(charge)}();`;
  const body = emitStatement(emitter, node.body);
  const condition = node.condition ? emitExpression(emitter, node.condition) : '';
  if (!node.testFirst) return `$b${node.id}:do{${tick}${body}}while(${condition || 'true'});`;
  const initial = node.initial.map((statement) => emitStatement(emitter, statement)).join('');
  const loop = `$b${node.id}:for(;${condition};${step}){${tick}${body}}`;
  return initial ? `{${initial}${loop}}` : loop;
}

function emitForeach(emitter: Emitter, node: BoundForeach): string {
  const { id } = node;
  const source = emitExpression(emitter, node.source);
  const current = `$e${id}`;
  const raw = foreachElement(emitter, node, current);
  emitter.alias(node.current, `$v${id}`);
  const declared = declarations(emitter, node.declared);
  const value = emitExpression(emitter, node.value);
  const bind = node.local ? `let ${emitter.local(node.local)}=${value};` : `${value};`;
  const inner = `${emitter.ref(charge)}();const $v${id}=${raw};${declared}${bind}${emitStatement(emitter, node.body)}`;
  if (node.through === 'enumerable') {
    return `$b${id}:for(const ${current} of ${emitter.ref(iterate)}(${emitter.ref(requireEnumerable)}(${emitter.toUniform(node.source.type, source)}))){${inner}}`;
  }
  const list = `$a${id}`;
  return `{const ${list}=${emitter.ref(requireEnumerable)}(${source});$b${id}:for(let ${current}=0;${current}<${list}.length;${current}++){${inner}}}`;
}

function foreachElement(emitter: Emitter, node: BoundForeach, current: string): string {
  switch (node.through) {
    case 'array':
      return emitter.fromUniform(node.elementType, `$a${node.id}[${current}]`);
    case 'bytes':
      return `$a${node.id}[${current}]`;
    case 'characters':
      return `$a${node.id}.charCodeAt(${current})`;
    case 'enumerable':
      return emitter.fromUniform(node.elementType, current);
  }
}

/** A state machine: a `goto` sets the section and starts over. */
function emitLabelled(emitter: Emitter, { id, locals, sections }: BoundLabelled): string {
  const bodies = sections.map(
    (section, index) => `case ${index}:${section.map((s) => emitStatement(emitter, s)).join('')}`,
  );
  const start = `let $s${id}=0;${declarations(emitter, locals)}`;
  return `{${start}$g${id}:for(;;){${emitter.ref(charge)}();switch($s${id}){${bodies.join('')}}break;}}`;
}

function emitSwitch(emitter: Emitter, node: BoundSwitch): string {
  const { id } = node;
  const temp = emitter.temp(node.temp);
  const value = emitExpression(emitter, node.value);
  const locals = declarations(emitter, node.locals);
  const simple = node.hasGoto ? undefined : simpleCases(emitter, node);
  if (simple) return `{${temp}=${value};${locals}$b${id}:switch(${temp}){${simple}}}`;
  const fallback = node.sections.findIndex((section) => section.conditions.includes(null));
  let choose = `${temp}=${value};let $s${id}=${fallback};${locals}`;
  const tests = node.sections.flatMap((section, index) =>
    section.conditions.flatMap((condition) =>
      condition ? [`if(${emitExpression(emitter, condition)})$s${id}=${index};`] : [],
    ),
  );
  choose += tests.join('else ');
  const bodies = node.sections.map(
    (section, index) => `case ${index}:${section.statements.map((s) => emitStatement(emitter, s)).join('')}`,
  );
  const dispatch = `switch($s${id}){${bodies.join('')}}`;
  if (!node.hasGoto) return `{${choose}$b${id}:${dispatch}}`;
  return `{${choose}$b${id}:{$g${id}:for(;;){${emitter.ref(charge)}();${dispatch}break $b${id};}}}`;
}

/** All labels are constants of a primitive type: JavaScript's own switch. */
function simpleCases(emitter: Emitter, node: BoundSwitch): string | undefined {
  const keyword = special(node.value.type);
  const isSimple =
    node.value.type.kind === 'named' &&
    (keyword !== undefined ? !['object', 'decimal'].includes(keyword) : node.value.type.definition.kind === 'enum');
  if (!isSimple) return undefined;
  let text = '';
  for (const section of node.sections) {
    for (const condition of section.conditions) {
      if (condition === null) text += 'default:';
      else if (condition.kind === 'Binary' && condition.left.kind === 'Temp' && condition.right.constant)
        text += `case ${emitter.literal(condition.right.constant.value)}:`;
      else return undefined;
    }
    text += section.statements.map((s) => emitStatement(emitter, s)).join('');
  }
  return text;
}

/** An exception costs what some hundred rounds of a loop cost. */
const catchCost = 200;

function emitTry(emitter: Emitter, node: BoundTry): string {
  let text = `try${emitBlock(emitter, node.body)}`;
  if (node.catches.length > 0) {
    const caught = emitter.extraCatch();
    const matches = `${caught} instanceof ${emitter.ref(NetException)}`;
    const flow = node.catches.map((clause) => emitCatch(emitter, clause, caught)).join('');
    // Whatever is no .NET exception (a spent budget, a stack that is full) passes through.
    text += `catch(${caught}){if(!(${matches}))throw ${caught};${emitter.ref(charge)}(${catchCost});$c${caught}:{${flow}throw ${caught};}}`;
  }
  if (node.finally) text += `finally${emitBlock(emitter, node.finally)}`;
  return text;
}

function emitCatch(emitter: Emitter, clause: BoundTry['catches'][number], caught: string): string {
  const type =
    clause.type && clause.type.kind === 'named' && clause.type.definition.fullName !== 'System.Exception'
      ? clause.type
      : null;
  const test = type ? `${emitter.ref(emitter.types.of(type).test)}(${caught})` : 'true';
  const local = clause.local ? `let ${emitter.local(clause.local)}=${caught};` : '';
  const filter = clause.filter ? `if(${emitExpression(emitter, clause.filter)})` : '';
  emitter.catchVariables.push(caught);
  const body = emitStatement(emitter, clause.body);
  emitter.catchVariables.pop();
  return `if(${test}){${local}${declarations(emitter, clause.hoisted)}${filter}{${body}break $c${caught};}}`;
}

function emitBlock(emitter: Emitter, statement: BoundStatement): string {
  return statement.kind === 'Block' ? emitStatement(emitter, statement) : `{${emitStatement(emitter, statement)}}`;
}
