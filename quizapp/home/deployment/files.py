"""The files with which a site is run for others, as the deployment page shows them."""

from __future__ import annotations

SERVICE = """\
[Unit]
Description=quizapp
Requires=quizapp.socket
After=network.target quizapp.socket

[Service]
Type=notify
User=quizapp
WorkingDirectory=/srv/quizapp
StateDirectory=quizapp
StateDirectoryMode=0700
Environment=QUIZAPP_DATA=/var/lib/quizapp
EnvironmentFile=-/etc/quizapp.env
ExecStart=/srv/quizapp/.venv/bin/python wsgi.py
ExecReload=/bin/kill -HUP $MAINPID
KillMode=mixed
TimeoutStartSec=infinity
TimeoutStopSec=30
Restart=on-failure
RestartSec=2
NoNewPrivileges=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""

SOCKET = """\
[Unit]
Description=The port of quizapp, kept open while it starts again

[Socket]
ListenStream=127.0.0.1:8000

[Install]
WantedBy=sockets.target
"""

BACKUP_SERVICE = """\
[Unit]
Description=A backup of quizapp
RequiresMountsFor=/mnt/backups

[Service]
Type=oneshot
User=quizapp
WorkingDirectory=/srv/quizapp
Environment=QUIZAPP_DATA=/var/lib/quizapp
EnvironmentFile=-/etc/quizapp.env
ExecStart=/srv/quizapp/.venv/bin/flask --app wsgi backup --quiet --keep 14 /mnt/backups
NoNewPrivileges=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
ReadWritePaths=/var/lib/quizapp /mnt/backups
"""

BACKUP_TIMER = """\
[Unit]
Description=A backup of quizapp each night

[Timer]
OnCalendar=*-*-* 03:30
Persistent=yes

[Install]
WantedBy=timers.target
"""

CONTAINER = """\
FROM python:3.13-slim
RUN useradd --system --uid 10001 quizapp && install -d -m 0700 -o quizapp /data
WORKDIR /srv/quizapp
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY wsgi.py ./
COPY migrations migrations
COPY question_banks question_banks
COPY quizapp quizapp
USER quizapp
ENV QUIZAPP_DATA=/data QUIZAPP_HOST=0.0.0.0 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK CMD python -c "import urllib.request as http; \\
http.urlopen('http://127.0.0.1:8000/readyz', timeout=3)"
CMD ["python", "wsgi.py"]
"""

PROXY = """\
server {
    listen 443 ssl;
    server_name study.example.org;
    ssl_certificate     /etc/ssl/study.example.org.pem;
    ssl_certificate_key /etc/ssl/study.example.org.key;
    client_max_body_size 50m;

    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-Host $host;
        proxy_set_header X-Forwarded-Port $server_port;
        proxy_set_header X-Forwarded-Prefix "";
    }
}
"""

SETTINGS = """\
QUIZAPP_HOSTS=study.example.org
QUIZAPP_PROXIES=1
QUIZAPP_TIMEZONE=Europe/Zurich
QUIZAPP_REGISTRATION=code
QUIZAPP_MAIL_URL=smtp://user:password@mail.example.org:587
"""

SCRAPE = """\
scrape_configs:
  - job_name: quizapp
    scheme: https
    authorization: {credentials: the token of QUIZAPP_METRICS}
    static_configs: [{targets: ["study.example.org"]}]
"""
