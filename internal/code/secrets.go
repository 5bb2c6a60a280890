package code

import "strings"

// plainVariables are environment variables that say nothing of the machine but
// how to build, to test or to print.
var plainVariables = words("NODE_ENV BABEL_ENV NO_COLOR FORCE_COLOR COLORTERM TERM NODE_DEBUG DEBUG toString hasOwnProperty")

// secretVariables are environment variables that hold credentials, by the names
// that their services' documentation gives them.
var secretVariables = words("NPM_TOKEN NODE_AUTH_TOKEN NPM_AUTH_TOKEN GITHUB_TOKEN GH_TOKEN GITHUB_PAT ACTIONS_RUNTIME_TOKEN ACTIONS_ID_TOKEN_REQUEST_TOKEN " +
	"ACTIONS_ID_TOKEN_REQUEST_URL GITLAB_TOKEN CI_JOB_TOKEN AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_WEB_IDENTITY_TOKEN_FILE " +
	"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI GOOGLE_APPLICATION_CREDENTIALS AZURE_CLIENT_SECRET AZURE_TENANT_ID VAULT_TOKEN " +
	"VAULT_AUTH_TOKEN KUBECONFIG DOCKER_AUTH_CONFIG SLACK_TOKEN SLACK_BOT_TOKEN OPENAI_API_KEY ANTHROPIC_API_KEY GEMINI_API_KEY SSH_AUTH_SOCK SSH_PRIVATE_KEY " +
	"DATABASE_URL MONGODB_URI STRIPE_SECRET_KEY TWINE_PASSWORD PYPI_TOKEN CARGO_REGISTRY_TOKEN HEROKU_API_KEY VERCEL_TOKEN NETLIFY_AUTH_TOKEN SENTRY_AUTH_TOKEN " +
	"DIGITALOCEAN_ACCESS_TOKEN CLOUDFLARE_API_TOKEN PRIVATE_KEY MNEMONIC SEED_PHRASE")

// secretEndings are how the names of other credentials end.
var secretEndings = []string{"_TOKEN", "_SECRET", "_PASSWORD", "_PASSWD", "_API_KEY", "_APIKEY", "_PRIVATE_KEY", "_ACCESS_KEY", "_SECRET_KEY", "_CREDENTIALS"}

func isSecretVariable(n string) bool {
	if secretVariables[n] {
		return true
	}
	for _, end := range secretEndings {
		if strings.HasSuffix(n, end) {
			return true
		}
	}
	return false
}

// needleRow is a word that shows a capability wherever a string of running code
// contains it, whatever the case of its letters.
type needleRow struct {
	capability Capability
	words      []string
}

// needleRows are places of secrets, commands and downloads that attacks of the
// last years named in plain or decoded strings.
var needleRows = []needleRow{
	{Secret, []string{
		".npmrc", ".yarnrc", ".pypirc", "_authtoken", ".netrc", ".git-credentials", ".gitconfig", ".ssh/", "/.ssh", "id_rsa", "id_ed25519", "id_ecdsa", "authorized_keys",
		".aws/credentials", ".aws/config", "application_default_credentials", ".config/gcloud", ".azure/", ".docker/config.json", ".kube/config", "serviceaccount/token",
		"169.254.169.254", "metadata.google.internal", "169.254.170.2", "latest/meta-data", "x-aws-ec2-metadata-token",
		"/etc/shadow", ".bash_history", ".zsh_history", "keychain-db", "security find-generic-password", "gh auth token", "trufflehog",
		".config/gh/", ".vault-token", ".cargo/credentials", ".terraform.d/", "/proc/self/environ", "runner.worker", "chrome/user data", ".config/google-chrome", "brave-browser", "local storage/leveldb",
		"--dangerously-skip-permissions", "--dangerously-bypass-approvals", "--trust-all-tools", "--yolo",
		"login data", "local extension settings", "wallet.dat", "exodus.wallet", "electrum/wallets", ".config/solana", "solana/id.json", ".ethereum/keystore",
		"nkbihfbeogaeaoehlefnkodbefgpgknn", "ejbalbakoplchlghecdalmeeeajnimhm", "bfnaelmomeimhlpmgjnjophhpkkoljpa", "hnfanknocfeofbddgcijnmhnfnkdnaad", "fhbohimaelbohpjbbldcngcnapndodjp",
	}},
	{Process, []string{"/bin/sh", "/bin/bash", "bash -c", "sh -c", "cmd.exe", "cmd /c", "powershell", "wscript", "cscript", "rundll32", "regsvr32", "mshta", "schtasks", "crontab ", "launchctl", "systemctl ", "nohup ", "/dev/tcp/"}},
	{Download, []string{
		"curl -", "curl http", "wget -", "wget http", "invoke-webrequest", "downloadstring", "certutil", "bitsadmin", "| sh", "|sh", "| bash", "|bash",
		"oven-sh/bun/releases", "bun.sh/install", "deno.land/install", "nodejs.org/dist", "/releases/download/", "raw.githubusercontent.com", "gist.githubusercontent.com",
		"pastebin.com/raw", "ipfs.io/ipfs", "/ipfs/", "cdn.discordapp.com", "transfer.sh/", "xmrig", "stratum+tcp", "chmod +x", "chmod 755", "chmod 777",
	}},
	{Spread, []string{
		"npm publish", "npm version patch", "npm token", "npm whoami", "/-/npm/v1/", "/-/whoami", "bun publish", "yarn publish", "pnpm publish", "git push", "git commit",
		".github/workflows", ".claude/", ".cursor/rules", ".vscode/tasks", "/user/repos", "actions/secrets", "git config user", "shai-hulud",
	}},
	{Persist, []string{
		".bashrc", ".zshrc", ".bash_profile", ".zprofile", "crontab -", "launchagents", "systemd/user", ".config/autostart", "programs/startup", "currentversion/run", "core.hookspath", ".git/hooks",
		".claude/settings", ".cursor/mcp.json", ".gemini/settings", ".codex/config", "script-shell=", "ignore-scripts=false", "app.asar",
	}},
	{Destroy, []string{"rm -rf ~/*", "rm -rf $home/*", "rm -rf /*", "rm -rf ~ ", "rm -rf $home ", "rm -rf / ", "--no-preserve-root", "of=/dev/sd", "of=/dev/nvme", "rd /s /q %userprofile%", "rd /s /q c:"}},
	{Network, []string{"api.telegram.org/bot", "discord.com/api/webhooks", "hooks.slack.com", "webhook.site", "ngrok", ".burpcollaborator", "oastify", "interact.sh", "pipedream.net", "requestbin"}},
}
