/** What there is to know of something, side by side: names, and what each is. */
export const Facts = ({
  of: facts,
}: {
  readonly of: readonly (readonly [name: string, value: string])[]
}) => (
  <dl class="facts">
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
