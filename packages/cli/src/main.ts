#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// Little of the young generation survives a request: waking other threads to collect it costs more than they help.
setFlagsFromString('--no-parallel-scavenge');
// The bytes of messages pass through quickly: they are no reason to look through a large heap again and again.
setFlagsFromString('--external-memory-accounted-in-global-limit');
// Looking for garbage costs what is alive, not what is found: heap and bytes are looked through when they have doubled.
setFlagsFromString('--heap-growing-percent=100');
// Node strips the types of every source file at each start unless what comes out is cached; the cache is the user's own.
enableCompileCache(join(process.env.LAZULI_DATA || join(homedir(), '.lazuli'), 'compile-cache'));
const { runLazuli } = await import('./program.ts');

process.exitCode = await runLazuli(process.argv.slice(2));
