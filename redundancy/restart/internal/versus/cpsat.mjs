// Finds the earliest finish with CP-SAT from the npm package or-tools-wasm, and prints what MiniZinc would.
//
//	node cpsat.mjs DIRECTORY project.json
//
// DIRECTORY is that of the package.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const [packaged, data] = process.argv.slice(2)
const entry = JSON.parse(fs.readFileSync(path.join(packaged, 'package.json'), 'utf8')).exports['./cp-sat'].node
const { CpModel, CpSolver } = await import(pathToFileURL(path.join(packaged, entry)))
const project = JSON.parse(fs.readFileSync(data, 'utf8'))

const model = new CpModel()
const finish = model.newIntVar(0, project.latest, 'finish')
const start = project.duration.map((_, j) => model.newIntVar(0, project.latest, `start ${j}`))
const run = project.duration.map((d, j) => model.newFixedSizeIntervalVar(start[j], d, `job ${j}`))
project.before.forEach((i, k) => {
  const [before, after] = [i - 1, project.after[k] - 1]
  model.addLinearConstraint(start[after].minus(start[before]), project.duration[before], project.latest)
})
project.duration.forEach((d, j) => model.addLinearConstraint(finish.minus(start[j]), d, project.latest))
project.use.forEach((use, r) => {
  const users = use.flatMap((n, j) => n > 0 ? [j] : [])
  model.addCumulative(users.map(j => run[j]), users.map(j => use[j]), project.capacity[r])
})
model.minimize(finish)

const solver = new CpSolver()
const status = solver.statusName(await solver.solve(model, { numWorkers: 1 }))
const print = message => fs.writeSync(1, JSON.stringify(message) + '\n')
if (status === 'OPTIMAL' || status === 'FEASIBLE') print({ type: 'solution', output: { json: { finish: solver.objectiveValue() } } })
if (status === 'OPTIMAL') print({ type: 'status', status: 'OPTIMAL_SOLUTION' })
process.exit(0)
