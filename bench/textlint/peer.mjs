// The peer of `check`: textlint's kernel with prh, over the same posts with the same words and expressions. `peer.mjs POSTS.json RULES.yml ROUNDS`
// Each post as a text of its own, as it is looked at while somebody writes; and all in one document, where making the engine is not counted a post.
import { readFileSync } from 'node:fs';
import { TextlintKernel } from '@textlint/kernel';
import text from '@textlint/textlint-plugin-text';
import prh from 'textlint-rule-prh';

const [, , postsFile, rulesFile, rounds] = process.argv;
const posts = JSON.parse(readFileSync(postsFile, 'utf8'));
const kernel = new TextlintKernel();
const options = {
  filePath: 'posts.txt', ext: '.txt',
  plugins: [{ pluginId: 'text', plugin: text.default ?? text, options: true }],
  rules: [{ ruleId: 'prh', rule: prh.default ?? prh, options: { ruleContents: [readFileSync(rulesFile, 'utf8')] } }],
};
const middle = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
async function time(text) {
  const begin = process.cpuUsage();
  const { messages } = await kernel.lintText(text, options);
  const { user, system } = process.cpuUsage(begin);
  return { micros: user + system, found: messages.length };
}

// As a post is looked at: each a text of its own.
const each = [];
for (let i = 0; i < 20 + Number(rounds) * 20; i++) {
  const { micros } = await time(posts[i % posts.length]);
  if (i >= 20) each.push(micros);
}
// And all posts as one document.
const whole = posts.map((post) => post.replaceAll('\n', ' ')).join('\n\n');
const together = [];
let found = 0;
for (let i = 0; i <= Number(rounds); i++) {
  const one = await time(whole);
  found = one.found;
  if (i) together.push(one.micros / posts.length);
}
console.log(JSON.stringify({ micros: middle(each), together: middle(together), found }));
