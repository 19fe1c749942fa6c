import type { CompiledRule, RuleDefinition, SubscriptionDefinition } from '../contract.ts';
import type { BrokerContext } from './context.ts';
import type { EntityIdentity } from './entity.ts';
import { Holder } from './holder.ts';
import type { Topic } from './topic.ts';

/** A subscription of a topic, with its rules. */
export class Subscription extends Holder {
  declare definition: SubscriptionDefinition;
  /** A rule without action and filter lets everything through: nothing has to be looked at. */
  takesAll = false;
  /** Without actions: however many of them match, there is one copy. */
  plainRules: readonly CompiledRule[] = [];
  /** With actions: a copy for each that matches. */
  actingRules: readonly CompiledRule[] = [];
  #compiled: SubscriptionDefinition['rules'] | undefined;

  constructor(broker: BrokerContext, identity: EntityIdentity, definition: SubscriptionDefinition, topic: Topic) {
    super(broker, identity, definition, topic);
  }

  override configure(): void {
    super.configure();
    const { rules } = this.definition;
    if (rules === this.#compiled) return;
    this.#compiled = rules;
    const compiled = rules.map((rule) => this.#compile(rule)).filter((rule) => rule !== undefined);
    this.plainRules = compiled.filter((rule) => rule.act === undefined);
    this.actingRules = compiled.filter((rule) => rule.act !== undefined);
    this.takesAll = this.plainRules.some((rule) => rule.definition.filter.kind === 'true');
  }
  /** The directory takes no rule that does not compile; one that came in otherwise lets nothing through. */
  #compile(rule: RuleDefinition): CompiledRule | undefined {
    try {
      return this.broker.compileRule(rule);
    } catch (error) {
      this.broker.log.error({ err: error, entity: this.path, rule: rule.name }, 'a rule cannot be compiled');
      return undefined;
    }
  }
}
