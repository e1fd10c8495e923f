// The last lines of a failed run say what failed and why: of a long log, often only the end is kept.
import { existsSync, readFileSync } from 'node:fs';
import type { FullResult, Reporter, TestCase, TestError, TestResult } from '@playwright/test/reporter';

const SERVER_LOG = process.env.COCO_E2E_LOG;
const COLOUR = /\u001b\[[0-9;]*m/g;

function brief(error: TestError | undefined): string {
  const lines = (error?.message ?? error?.value ?? 'no reason given').replace(COLOUR, '').split('\n');
  return lines.filter((line) => line.trim() !== '').slice(0, 4).map((line) => line.trim().slice(0, 160)).join(' · ');
}

export default class Summary implements Reporter {
  private failures: { title: string; error: string }[] = [];
  private passed = 0;

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === 'passed') this.passed += 1;
    if (result.status === test.expectedStatus || result.status === 'skipped') return;
    this.failures.push({ title: test.titlePath().slice(2).join(' › '), error: brief(result.error) });
  }

  onEnd(result: FullResult): void {
    if (result.status === 'passed') return;
    const log = SERVER_LOG && existsSync(SERVER_LOG) ? readFileSync(SERVER_LOG, 'utf8') : '';
    const complaints = log.replace(COLOUR, '').split('\n').filter((line) => /WARN|ERROR|panicked/.test(line));
    console.log(`\n${this.passed} passed, ${this.failures.length} failed.`);
    if (complaints.length > 0) console.log(`The server's last complaints:\n${complaints.slice(-5).map((line) => `  ${line.slice(0, 200)}`).join('\n')}`);
    // Tests that fail for one reason are told once.
    const reasons = new Map<string, string[]>();
    for (const { title, error } of this.failures) reasons.set(error, [...(reasons.get(error) ?? []), title]);
    for (const [error, titles] of [...reasons].slice(0, 8)) {
      console.log(`✗ ${titles[0]}${titles.length > 1 ? ` and ${titles.length - 1} more` : ''}\n    ${error}`);
    }
  }
}
