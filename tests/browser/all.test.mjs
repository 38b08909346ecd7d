// Pages as people meet them: Debian's Chromium over a server of our own. One program, so that one market serves all.
//
//   scripts/browser-tests.sh            everything
//   scripts/browser-tests.sh NAME       tests whose name holds NAME
import { after, before, describe } from 'node:test';
import { launch } from './lib/browser.mjs';
import { seed } from './lib/market.mjs';
import { start } from './lib/server.mjs';
import checker from './stories/checker.mjs';
import every from './stories/every.mjs';
import operator from './stories/operator.mjs';
import network from './stories/network.mjs';
import results from './stories/results.mjs';
import trade from './stories/trade.mjs';
import wholesaler from './stories/wholesaler.mjs';
import training from './stories/training.mjs';

/** Filled before the first test: server, browser and the market's stage. */
const world = {};

describe('pages', { concurrency: 1 }, () => {
  before(async () => {
    world.server = await start();
    [world.stage, world.browser] = await Promise.all([seed(world.server), launch()]);
  }, { timeout: 120_000 });
  after(async () => {
    await world.browser?.close();
    await world.server?.stop();
  });
  every(world);
  checker(world);
  trade(world);
  network(world);
  results(world);
  operator(world);
  wholesaler(world);
  training(world);
});
