// Answers batches of simulations: one JSON array a line in, one JSON array a line out, until the input ends.
import { createInterface } from 'node:readline'
import { createValidatedPolicy } from '@cloud-copilot/iam-policy'
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

// The library's checked entry drops condition keys that its tables do not list for an action; this one takes all. It asks
// a resource policy for its name, which a policy has only if it comes as a validated one.
const answer = (simulation) => {
  const policy = simulation.resourcePolicy
  const resourcePolicy = policy && createValidatedPolicy(policy, () => [], { name: 'resource policy' })
  try {
    return { result: runUnsafeSimulation({ ...simulation, resourcePolicy }, {}) }
  } catch (error) {
    return { error: String(error) }
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(JSON.stringify(JSON.parse(line).map(answer)) + '\n')
}
