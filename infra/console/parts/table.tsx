import type { ComponentChildren } from 'preact'

/** A table that scrolls within itself where the screen is narrow. `label`: what it is called. */
export const Table = ({
  label,
  heads,
  children,
}: {
  readonly label: string
  readonly heads: readonly string[]
  readonly children: ComponentChildren
}) => (
  <div class="wide" tabIndex={0} role="group" aria-label={label}>
    <table>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
)
