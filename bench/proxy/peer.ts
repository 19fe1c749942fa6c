import type { Measured } from '../kit/processes.ts';
import type { Scenario } from './scenarios.ts';

/** A gateway in the comparison. */
export interface Peer {
  readonly name: string;
  readonly port: number;
  readonly tlsPort: number | null;
  /** Does it do what the scenario asks for, as its users would configure it? */
  takesPart(scenario: Scenario): boolean;
  start(): Promise<Measured>;
}

/** Where a scenario is sent. */
export function urlOf(peer: Peer, scenario: Scenario): string {
  return scenario.transport === undefined || scenario.transport === 'http'
    ? `http://127.0.0.1:${peer.port}${scenario.path}`
    : `https://127.0.0.1:${peer.tlsPort}${scenario.path}`;
}
