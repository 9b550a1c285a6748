# First step of a job of SQL Server Agent, of the type PowerShell; on failure: "Quit the job reporting failure".
# The agent looks at errors and not at exit codes of other programs, so that the step has to throw.
$ErrorActionPreference = 'Stop'
$said = precheck gate sales --operation log --database Orders --database Customers --max-age 15m 2>&1 | Out-String
if ($LASTEXITCODE -ne 0) { throw "The gate ended with ${LASTEXITCODE}: $said" }
Write-Output $said
