import { AUTH_KINDS, METHODS } from "./answers.ts";

export const HELP = `npm create stepwire-connector [DIR] -- [options]

Writes a connector package into an empty folder (the current one unless given) and asks for what no option says.

  --name VENDOR/NAME  the type's id, such as acme/pager
  --title TITLE       what people call the system
  --base-url URL      where its API starts, over https
  --auth KIND         ${AUTH_KINDS.join(", ")}
  --action NAME       the first action, such as getPage
  --method METHOD     ${METHODS.join(", ")}
  --path PATH         below the base URL, such as /pages/{id}
  --package NAME      the npm package (default: stepwire-connector-NAME)
  -y, --yes           ask nothing: refuse what is missing

Exit codes: 0 written, 2 refused, 3 cancelled, 4 a fault of this command. Unless it is 0, nothing was written.`;
